#include "catalog/changes_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

namespace spectacles::catalog {
namespace {

constexpr int max_events = 100;  // of one pass: the first one over a large registry must not bury what people did

audit::Actor background() {
  return {.id = {}, .name = "(background)", .address = ""};
}

boost::json::value render_digest(const Manifest& manifest) {
  return boost::json::object{{"digest", manifest.digest.str()}};
}

}  // namespace

// One transaction. It may run more than once, so it counts for itself.
class Changes::Batch {
 public:
  Batch(const Changes& changes, db::Session& lent)
      : session(lent),
        now(changes.clock_.now()),
        recorded(changes.recorded_),
        unrecorded(changes.unrecorded_),
        changes_(changes) {}

  RegistryId registry() const { return changes_.registry_.id; }

  void record(std::string action, const std::string& what, boost::json::value before, boost::json::value after) {
    if (recorded >= max_events) {
      ++unrecorded;
      return;
    }
    ++recorded;
    changes_.recorder_.record(session, background(),
                              {.action = std::move(action),
                               .subject = changes_.registry_.name.str() + ": " + what,
                               .before = std::move(before),
                               .after = std::move(after)});
  }

  db::Session& session;
  const Time now;
  int recorded;
  int unrecorded;

 private:
  const Changes& changes_;
};

Changes::Changes(db::Database& database, const audit::Recorder& recorder, const Clock& clock,
                 const registries::Registry& registry, Claim claim, std::chrono::milliseconds claim_lasts)
    : database_(database),
      recorder_(recorder),
      clock_(clock),
      registry_(registry),
      claim_(std::move(claim)),
      claim_lasts_(claim_lasts) {}

std::map<RepositoryPath, RepositoryId> Changes::known_repositories() {
  return database_.read([&](db::Session& session) { return rows::repositories_of(session, registry_.id); });
}

void Changes::commit(const std::function<void(Batch&)>& work) {
  const auto [recorded, unrecorded] = database_.write([&](db::Session& session) {
    if (!renew_claim(session, claim_, clock_.now() + claim_lasts_)) throw ClaimLost();
    Batch batch(*this, session);
    work(batch);
    return std::pair(batch.recorded, batch.unrecorded);
  });
  recorded_ = recorded;
  unrecorded_ = unrecorded;
}

void Changes::write(const SeenRepository& seen) {
  const auto known = known_repositories();
  const auto found = known.find(seen.name);
  std::map<TagName, Manifest> before;
  if (found != known.end()) {
    before = database_.read([&](db::Session& s) { return rows::tags_of(s, registry_.id, found->second); });
    if (before == seen.tags) return;  // most passes change nothing, and write nothing
  }
  const auto is_gone = [&](const TagName& tag) {
    return seen.complete && !seen.tags.contains(tag) &&
           std::find(seen.unread.begin(), seen.unread.end(), tag) == seen.unread.end();
  };
  commit([&](Batch& batch) {
    auto& session = batch.session;
    const auto id =
        found != known.end() ? found->second : rows::insert_repository(session, batch.registry(), seen.name, batch.now);
    bool touched = false;
    for (const auto& [tag, manifest] : seen.tags) {
      const auto old = before.find(tag);
      if (old != before.end() && old->second == manifest) continue;
      touched = true;
      const auto what = seen.name.str() + ":" + tag.str();
      if (old == before.end()) {
        rows::insert_tag(session, batch.registry(), id, tag, manifest, batch.now);
        batch.record("tag.found", what, nullptr, render_digest(manifest));
      } else {
        rows::move_tag(session, batch.registry(), id, tag, manifest, batch.now);
        batch.record("tag.moved", what, render_digest(old->second), render_digest(manifest));
      }
    }
    for (const auto& [tag, manifest] : before) {
      if (!is_gone(tag)) continue;
      rows::delete_tag(session, batch.registry(), id, tag);
      batch.record("tag.gone", seen.name.str() + ":" + tag.str(), render_digest(manifest), nullptr);
    }
    if (touched) rows::touch_repository(session, batch.registry(), id, batch.now);
  });
}

void Changes::remove(const RepositoryPath& name, RepositoryId id) {
  commit([&](Batch& batch) {
    rows::delete_repository(batch.session, batch.registry(), id);
    batch.record("repository.gone", name.str(), nullptr, nullptr);
  });
}

void Changes::record_rest() {
  if (unrecorded_ == 0) return;
  database_.write([&](db::Session& session) {
    recorder_.record(session, background(),
                     {.action = "catalog.changed",
                      .subject = registry_.name.str(),
                      .after = boost::json::object{{"further_changes", unrecorded_}}});
  });
}

}  // namespace spectacles::catalog
