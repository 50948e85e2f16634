#include "app/migrate_command.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "app/wiring.h"
#include "db/migrate.h"

namespace spectacles::app {
namespace {

void print_text(db::Engine engine, const db::SchemaState& state) {
  fmt::print("{}: schema version {} of {}\n", db::render_engine(engine), state.current, state.newest);
  for (const auto& entry : state.entries) {
    fmt::print("  {} {}: {}\n", entry.version, entry.name,
               entry.applied_at ? render_rfc3339(*entry.applied_at) : "pending");
  }
}

void print_json(db::Engine engine, const db::SchemaState& state) {
  boost::json::array entries;
  for (const auto& entry : state.entries) {
    const auto applied_at = entry.applied_at
                                ? boost::json::value(boost::json::string(render_rfc3339(*entry.applied_at)))
                                : boost::json::value(nullptr);
    entries.push_back({{"version", entry.version}, {"name", entry.name}, {"applied_at", applied_at}});
  }
  const boost::json::object shown{{"engine", db::render_engine(engine)},
                                  {"current", state.current},
                                  {"newest", state.newest},
                                  {"migrations", std::move(entries)}};
  fmt::print("{}\n", boost::json::serialize(shown));
}

// 0: up to date, 1: something is pending.
int show(db::Database& database, Output output) {
  const auto state = db::load_schema_state(database, db::migrations_of(database.engine()));
  (output == Output::json ? print_json : print_text)(database.engine(), state);
  return state.is_up_to_date() ? 0 : 1;
}

}  // namespace

int run_migrations(const Config& config, Output output) {
  db::Database database(database_options(config));
  db::migrate(database);
  return show(database, output);
}

int show_migrations(const Config& config, Output output) {
  db::Database database(database_options(config));
  return show(database, output);
}

}  // namespace spectacles::app
