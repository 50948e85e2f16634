// Which database is configured: the rules of DB_BACKEND, DB_HOST, SQLALCHEMY_DATABASE_URI, MYSQL_* and POSTGRES_*.
#pragma once

#include <filesystem>
#include <string_view>
#include <variant>

#include "app/settings_source.h"
#include "base/result.h"
#include "db/address.h"

namespace spectacles::app {

// A file of SQLite, or a server.
using DatabaseAddress = std::variant<std::filesystem::path, db::Server>;

// sqlite:////absolute/path, mysql://user:password@host:port/database and postgresql://..., also with the names of
// Python's drivers behind a '+' (mysql+pymysql); user, password and database are percent-decoded. The text of a refusal
// says what would be right and never shows the address, which may hold a password.
Result<DatabaseAddress> parse_database_uri(std::string_view uri);

// An address decides, and a DB_BACKEND that contradicts it is refused. Without one: mysql and postgresql take DB_HOST
// and the variables of their name; `other` or nothing is SQLite below `data`; but nothing, with DB_HOST or any MYSQL_*,
// is mysql. A refusal begins with where the wrong value was set.
Result<DatabaseAddress> load_database_address(const SettingsSource& source, const std::filesystem::path& data);

}  // namespace spectacles::app
