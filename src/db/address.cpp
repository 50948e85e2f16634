#include "db/address.h"

#include <fmt/format.h>

namespace spectacles::db {

std::string_view render_engine(Engine engine) {
  switch (engine) {
    case Engine::sqlite:
      return "sqlite";
    case Engine::mysql:
      return "mysql";
    case Engine::postgres:
      return "postgresql";
  }
  return "";
}

std::string describe(const Server& server) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  return fmt::format("the {} database {} at {}{}{}:{} (user {})", render_engine(server.engine), server.database,
                     is_v6 ? "[" : "", server.host, is_v6 ? "]" : "", server.port, server.user);
}

}  // namespace spectacles::db
