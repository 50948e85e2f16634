#include "removal/gc_windows_sql.h"

#include <boost/json/object.hpp>

#include "access/pauses_sql.h"
#include "removal/trash_sql.h"

namespace spectacles::removal {
namespace {

constexpr std::chrono::seconds ahead{60};

struct Row {
  RegistryId registry;
  Label registry_name;
  std::string holder;
  access::Pause pause;
};

template <class... Values>
std::vector<Row> load(db::Session& session, const std::string& condition, const Values&... values) {
  std::vector<Row> rows;
  for (auto& [registry, name, holder, since, until, by, reason] :
       session.rows<RegistryId, Label, std::string, Time, Time, std::string, std::string>(
           "SELECT w.registry_id, g.name, w.holder, w.opened_at, w.open_until, w.opened_by, w.reason "
           "FROM gc_window w JOIN registry g ON g.id = w.registry_id WHERE " +
               condition,
           values...)) {
    rows.push_back({registry, name, holder, {.since = since, .until = until, .by = by, .reason = reason}});
  }
  return rows;
}

boost::json::object state_of(const access::Pause& pause) {
  return {{"opened_at", render_rfc3339(pause.since)}, {"opened_by", pause.by}, {"reason", pause.reason}};
}

std::optional<Time> load_writes_until(db::Session& session, RegistryId registry, Time now) {
  const auto found = session.find<Time>("SELECT good_until FROM write_grant WHERE registry_id = :registry", registry);
  if (!found || std::get<0>(*found) <= now) return std::nullopt;
  return std::get<0>(*found);
}

// The end of a window: its row goes, and what lies in the trash is doubted.
void end(db::Session& session, const Row& row, Time now) {
  session.count_change();
  session.execute("DELETE FROM gc_window WHERE registry_id = :registry", row.registry);
  doubt_trash(session, row.registry, now);
}

}  // namespace

Result<GcWindow> GcWindows::open(const Opening& opening, const audit::Actor& actor) {
  end_abandoned();
  return database_.write([&](db::Session& session) -> Result<GcWindow> {
    const auto now = clock_.now();
    if (const auto open = access::find_pause(session, opening.registry, now)) {
      return refuse(RefusalKind::conflict, access::describe(*open) + "; only one window is open at a time");
    }
    const GcWindow window{
        .pause = {.since = now, .until = now + opening.lasts, .by = actor.name, .reason = opening.reason},
        .writes_until = load_writes_until(session, opening.registry, now)};
    session.count_change();
    session.execute("DELETE FROM gc_window WHERE registry_id = :registry", opening.registry);
    session.execute(
        "INSERT INTO gc_window (registry_id, holder, opened_at, opened_by, reason, open_until) "
        "VALUES (:registry, :holder, :since, :by, :reason, :until)",
        opening.registry, opening.holder, window.pause.since, window.pause.by, window.pause.reason, window.pause.until);
    recorder_.record(
        session, actor,
        {.action = "gc_window.opened", .subject = opening.registry_name.str(), .after = state_of(window.pause)});
    return window;
  });
}

bool GcWindows::renew(RegistryId registry, const std::string& holder, std::chrono::milliseconds lasts) {
  return database_.write([&](db::Session& session) {
    const auto now = clock_.now();
    session.count_change();
    return session.execute(
               "UPDATE gc_window SET open_until = :until WHERE registry_id = :registry AND holder = :holder "
               "AND open_until > :now",
               now + lasts, registry, holder, now) == 1;
  });
}

bool GcWindows::close(RegistryId registry, const Label& registry_name, const std::optional<std::string>& holder,
                      const audit::Actor& actor) {
  end_abandoned();
  return database_.write([&](db::Session& session) {
    const auto rows = load(session, "w.registry_id = :registry", registry);
    if (rows.empty() || (holder && rows.front().holder != *holder)) return false;
    end(session, rows.front(), clock_.now());
    recorder_.record(
        session, actor,
        {.action = "gc_window.closed", .subject = registry_name.str(), .before = state_of(rows.front().pause)});
    return true;
  });
}

std::optional<GcWindow> GcWindows::find(RegistryId registry) {
  return database_.read([&](db::Session& session) -> std::optional<GcWindow> {
    const auto now = clock_.now();
    const auto pause = access::find_pause(session, registry, now);
    if (!pause) return std::nullopt;
    return GcWindow{.pause = *pause, .writes_until = load_writes_until(session, registry, now)};
  });
}

std::optional<Time> GcWindows::writes_until(RegistryId registry) {
  return database_.read([&](db::Session& session) { return load_writes_until(session, registry, clock_.now()); });
}

void GcWindows::end_abandoned() {
  const auto abandoned = [&](db::Session& session) { return load(session, "w.open_until <= :now", clock_.now()); };
  if (database_.read(abandoned).empty()) return;
  database_.write([&](db::Session& session) {
    for (const auto& row : abandoned(session)) {
      end(session, row, clock_.now());
      recorder_.record(
          session, {.id = {}, .name = "(background)", .address = ""},
          {.action = "gc_window.expired", .subject = row.registry_name.str(), .before = state_of(row.pause)});
    }
  });
}

Result<void> GcWindows::note_write(RegistryId registry, Time good_until) {
  {
    auto noted = noted_.lock();
    if (const auto found = noted->find(registry); found != noted->end() && found->second >= good_until) return {};
  }
  const auto until = good_until + ahead;
  auto written = database_.write([&](db::Session& session) -> Result<void> {
    // In the same transaction: a window that is opened later sees this grant, one that is open already is seen here.
    if (const auto pause = access::find_pause(session, registry, clock_.now())) {
      return refuse(RefusalKind::conflict, access::describe(*pause));
    }
    const auto known = session.find<Time>("SELECT good_until FROM write_grant WHERE registry_id = :registry", registry);
    if (!known) {
      session.execute("INSERT INTO write_grant (registry_id, good_until) VALUES (:registry, :until)", registry, until);
    } else if (std::get<0>(*known) < until) {
      session.execute("UPDATE write_grant SET good_until = :until WHERE registry_id = :registry", until, registry);
    }
    return {};
  });
  if (!written) return written;
  auto noted = noted_.lock();
  auto& known = noted->try_emplace(registry, until).first->second;
  known = std::max(known, until);
  return {};
}

}  // namespace spectacles::removal
