// Where a database is: the engine, and for a server how to get in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace spectacles::db {

enum class Engine { sqlite, mysql, postgres };

// "sqlite", "mysql", "postgresql"
std::string_view render_engine(Engine engine);

struct Server {
  Engine engine = Engine::mysql;  // mysql (MariaDB too) or postgres
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  Secret password;
  std::string database;

  bool operator==(const Server&) const = default;
};

// "the mysql database spectacles at db:3306 (user spectacles)": for messages, so without the password.
std::string describe(const Server& server);

}  // namespace spectacles::db
