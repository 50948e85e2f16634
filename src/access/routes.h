#pragma once

#include "access/namespaces_sql.h"
#include "access/settings_sql.h"
#include "access/simulation_sql.h"
#include "access/store_sql.h"
#include "access/what_if_sql.h"
#include "accounts/groups_sql.h"
#include "accounts/guard.h"
#include "accounts/users_sql.h"
#include "http/router.h"

namespace spectacles::access {

// All arguments must outlive the router.
void mount_namespace_routes(http::Router& router, NamespaceStore& store, const accounts::Guard& guard);  // /namespaces
void mount_explain_routes(http::Router& router, AccessStore& store, const accounts::Guard& guard);       // /access
// Who may do this, what may he do: /access.
void mount_what_if_routes(http::Router& router, WhatIfStore& store, const accounts::Guard& guard);
void mount_simulation_routes(http::Router& router, SimulationStore& store, const accounts::Guard& guard);  // /access
void mount_settings_routes(http::Router& router, SettingsStore& store, const accounts::Guard& guard);      // /settings

// Where people and groups have a part: /users/{id}/namespaces, /groups/{id}/namespaces.
void mount_part_routes(http::Router& router, NamespaceStore& store, accounts::UserStore& users,
                       accounts::GroupStore& groups, const accounts::Guard& guard);

}  // namespace spectacles::access
