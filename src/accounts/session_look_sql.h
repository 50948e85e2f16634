// A session that is listening rather than asking.
#pragma once

#include <optional>

#include "accounts/session.h"
#include "db/database.h"

namespace spectacles::accounts {

// As SessionStore::find, of a session that was found before: whose it is now, if it is not over. Does not count as a
// use, so that it ends when nobody does anything.
std::optional<SignedIn> look_at_session(db::Database& database, SessionId id, Time now);

}  // namespace spectacles::accounts
