#pragma once

#include <functional>
#include <optional>
#include <string>

#include "access/pause.h"
#include "accounts/guard.h"
#include "http/router.h"
#include "registries/check.h"
#include "registries/registry.h"
#include "registries/signing_key.h"
#include "registries/store_sql.h"

namespace spectacles::registries {

// What the routes need to know of this server.
struct ServerFacts {
  const SigningKey& signing_key;
  std::string issuer;
  std::function<std::optional<std::string>()> public_url;  // if it was chosen
  std::string web_root;
};

// How far the reading of a registry has come: SyncState in api/openapi.yaml, which a later room knows.
using RenderSync = std::function<boost::json::value(RegistryId)>;

// What lies in a registry, added to what is rendered of it.
using AddTotals = std::function<void(boost::json::object& rendered, RegistryId)>;

// The pause that a registry is in, if it is in one.
using FindPause = std::function<std::optional<access::Pause>(RegistryId)>;

// The checks of a registry that was added, as registries/examine.h has them.
using Examine = std::function<ConnectionTest(const Registry&)>;

// /api/v1/registries and /api/v1/registry-settings. All references must outlive the router.
void mount_routes(http::Router& router, RegistryStore& store, const accounts::Guard& guard, const ServerFacts& server,
                  const Clock& clock, FindPause find_pause, RenderSync render_sync, AddTotals add_totals,
                  Examine examine);

// The address of the token endpoint for registry settings: under the public URL, else under the address by which this
// request came.
std::string realm_of(const ServerFacts& server, const http::Request& request);

}  // namespace spectacles::registries
