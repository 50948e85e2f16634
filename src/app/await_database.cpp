#include "app/await_database.h"

#include "base/log.h"

namespace spectacles::app {

using namespace std::chrono_literals;

bool await_database(const db::Options& options, const Pause& pause) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (true) {
    try {
      const db::Database database(options);
      return true;
    } catch (const db::Unavailable& error) {
      if (std::chrono::steady_clock::now() > end) throw;
      log::warn("waiting for the database", {{"reason", error.what()}});
    }
    if (!pause(2s)) return false;
  }
}

}  // namespace spectacles::app
