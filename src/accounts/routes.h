#pragma once

#include "accounts/avatars_sql.h"
#include "accounts/groups_sql.h"
#include "accounts/guard.h"
#include "accounts/preferences_sql.h"
#include "accounts/store_sql.h"
#include "accounts/user_sessions_sql.h"
#include "accounts/users_sql.h"
#include "http/router.h"

namespace spectacles::accounts {

// All arguments must outlive the router.
void mount_session_routes(http::Router& router, AccountStore& store, const Guard& guard);  // /registration, /session
void mount_user_routes(http::Router& router, UserStore& users, UserSessions& sessions, const Guard& guard);  // /users
void mount_avatar_routes(http::Router& router, AvatarStore& avatars, UserStore& users, const Guard& guard);
void mount_preference_routes(http::Router& router, PreferenceStore& preferences, const Guard& guard);  // /preferences
void mount_group_routes(http::Router& router, GroupStore& groups, UserStore& users, const Guard& guard);  // /groups

}  // namespace spectacles::accounts
