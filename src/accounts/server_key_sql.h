// The one key that what must be guessed by nobody follows from: SECRET_KEY, else a random one that is made once and
// kept in the database, so that all processes on it have the same.
#pragma once

#include <optional>

#include "base/secret.h"
#include "db/database.h"

namespace spectacles::accounts {

// `configured` is SECRET_KEY. Throws db::Error.
Secret load_or_make_server_key(db::Database& database, const std::optional<Secret>& configured);

}  // namespace spectacles::accounts
