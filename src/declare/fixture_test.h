// A real database in a folder of its own, and the verbs of this room on it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "db/migrate.h"
#include "db/test_database.h"
#include "declare/apply.h"
#include "declare/export.h"

namespace spectacles::declare {

inline void write_file(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

class Installation {
 public:
  // In a file of its own, or where `options` say.
  explicit Installation(const std::optional<db::Options>& options = {})
      : database_(options.value_or(folder_.options())) {
    db::migrate(database_);
  }

  db::Database& database() { return database_; }
  accounts::PasswordHasher& hasher() { return hasher_; }

  Document read(std::string_view yaml) const { return parse_document(yaml, folder_.path()); }

  Outcome apply(std::string_view yaml, Options options = {}) {
    return declare::apply(database_, hasher_, recorder_, clock_, read(yaml), options);
  }
  Outcome prune(std::string_view yaml) { return apply(yaml, {.prune = Prune::yes}); }

  // The plan as text, or the errors, one a line.
  std::string say(const Outcome& outcome) const {
    if (outcome.errors.empty()) return render_plan(outcome.plan);
    std::string out;
    for (const Error& error : outcome.errors) out += render_error(error) + "\n";
    return out;
  }

  std::string yaml() { return export_yaml(database_); }

  template <class T = std::int64_t>
  T single(std::string_view sql) {
    return database_.read([&](db::Session& session) { return session.single<T>(sql); });
  }

 private:
  db::TestFolder folder_;
  db::Database database_;
  ManualClock clock_{Time(std::chrono::milliseconds(1'700'000'000'000))};
  audit::Recorder recorder_{clock_};
  accounts::PasswordHasher hasher_{2};
};

// A hash of the right form that nobody can sign in with; `seed` makes it differ.
inline std::string some_hash(char seed = 'a') {
  return "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + std::string(42, seed) + "A";
}

}  // namespace spectacles::declare
