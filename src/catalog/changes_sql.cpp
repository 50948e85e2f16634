#include "catalog/changes_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "catalog/learned_sql.h"
#include "catalog/tell_sql.h"
#include "catalog/write_sql.h"

namespace spectacles::catalog {
namespace {

constexpr int max_events = 100;  // of one pass: the first one over a large registry must not bury what people did
constexpr std::chrono::seconds reports_every{1};

audit::Actor background() {
  return {.id = {}, .name = "(background)", .address = ""};
}

boost::json::value render_digest(const Manifest& manifest) {
  return boost::json::object{{"digest", manifest.digest.str()}};
}

// Writes one repository as it was seen, in one transaction with others.
class Writer {
 public:
  Writer(Changes::Batch& batch, const SeenRepository& seen) : batch_(batch), session_(batch.session), seen_(seen) {}

  void run() {
    const auto known = rows::find_known(session_, batch_.registry(), seen_.name);
    id_ = known ? known->id : rows::insert_repository(session_, batch_.registry(), seen_.name, batch_.now);
    if (known) tags_ = rows::known_tags(session_, batch_.registry(), *id_, names());
    if (sees_new_tags()) deleted_ = rows::deleted_since(session_, batch_.registry(), seen_.name, seen_.since);
    if (known && (!known->is_whole || known->missing_passes != 0)) {
      rows::complete_repository(session_, batch_.registry(), *id_, seen_.name);
    }
    write_manifests();
    write_tags();
    for (const auto& name : seen_.unread) show(name);
    if (is_touched_) rows::touch_repository(session_, batch_.registry(), *id_, batch_.now);
    if (is_measured_anew_) rows::recount_repository(session_, batch_.registry(), *id_);
  }

 private:
  std::vector<TagName> names() const {
    std::vector<TagName> names = seen_.unread;
    names.reserve(names.size() + seen_.tags.size());
    for (const auto& [name, manifest] : seen_.tags) names.push_back(name);
    return names;
  }

  bool sees_new_tags() const {
    return std::any_of(seen_.tags.begin(), seen_.tags.end(),
                       [&](const auto& tag) { return !tags_.contains(tag.first) && !seen_.known.contains(tag.first); });
  }

  // Whether a notification, or somebody's deletion, has changed it since the pass began to read it.
  bool is_overtaken(const TagName& name, const Manifest& manifest) const {
    const auto then = seen_.known.find(name);
    const auto now = tags_.find(name);
    if (now != tags_.end()) {
      return now->second.manifest.digest != manifest.digest &&
             (then == seen_.known.end() || then->second.manifest.digest != now->second.manifest.digest);
    }
    return then != seen_.known.end() || deleted_.tags.contains(name.str()) ||
           deleted_.digests.contains(manifest.digest.str());
  }

  // Rows for all that is written here, then the sizes of indexes, which follow from the rows of what they lead to.
  void write_manifests() {
    std::set<Digest> wanted;
    for (const auto& [name, manifest] : seen_.tags) {
      if (!is_as_known(name, manifest) && !is_overtaken(name, manifest)) wanted.insert(manifest.digest);
    }
    for (const auto& [digest, details] : seen_.details) {
      wanted.insert(digest);
      for (const auto& child : details.children()) wanted.insert(child);
    }
    manifests_ = rows::find_manifests(session_, batch_.registry(), {wanted.begin(), wanted.end()});
    for (const auto& [digest, details] : seen_.details) write_manifest(digest, details);
    for (const auto& [digest, details] : seen_.details) {
      for (const auto& part : details.parts) {
        if (part.role == PartRole::manifest) add_unread(part.digest, part.media_type);
      }
    }
    for (const auto& digest : seen_.unanswered) {
      if (const auto row = manifests_.find(digest); row != manifests_.end()) {
        rows::want_manifest(session_, row->second.id, batch_.now);
      }
    }
    for (const auto& [digest, details] : seen_.details) {
      if (details.kind != ManifestKind::index || details.state != ManifestState::read) continue;
      auto& row = manifests_.at(digest);
      row.size = rows::measure_index(session_, batch_.registry(), row.id);
    }
  }

  void write_manifest(const Digest& digest, const ManifestDetails& details) {
    const auto known = manifests_.find(digest);
    if (known != manifests_.end() && known->second.is_settled) return;  // somebody else was quicker
    is_measured_anew_ = true;
    const auto* const row = known == manifests_.end() ? nullptr : &known->second;
    auto written = rows::write_manifest(session_, batch_.registry(), digest, details, row, batch_.now);
    manifests_.insert_or_assign(digest, written);
  }

  void add_unread(const Digest& digest, const std::string& media_type) {
    if (manifests_.contains(digest)) return;
    const auto id = rows::insert_unread_manifest(session_, batch_.registry(), digest, media_type, batch_.now);
    manifests_.emplace(digest, rows::StoredManifest{id, false, 0});
  }

  bool is_as_known(const TagName& name, const Manifest& manifest) const {
    const auto known = tags_.find(name);
    return known != tags_.end() && known->second.is_whole && known->second.missing_passes == 0 &&
           known->second.manifest == manifest && !seen_.details.contains(manifest.digest);
  }

  void write_tags() {
    std::vector<rows::TagRow> added;
    for (const auto& [name, manifest] : seen_.tags) {
      if (is_as_known(name, manifest) || is_overtaken(name, manifest) || is_placeholder(manifest.digest)) continue;
      add_unread(manifest.digest, manifest.media_type);
      const auto& stored = manifests_.at(manifest.digest);
      rows::TagRow row{name, manifest, stored.id, stored.size};
      const auto known = tags_.find(name);
      const auto what = seen_.name.str() + ":" + name.str();
      is_measured_anew_ = true;
      if (known == tags_.end()) {
        batch_.record("tag.found", what, nullptr, render_digest(manifest));
        tell_push(name, manifest.digest);
        added.push_back(std::move(row));
      } else if (known->second.manifest != manifest) {
        batch_.record("tag.moved", what, render_digest(known->second.manifest), render_digest(manifest));
        tell_push(name, manifest.digest);
        rows::move_tag(session_, batch_.registry(), *id_, row, batch_.now);
        is_touched_ = true;
      } else {
        rows::complete_tag(session_, batch_.registry(), *id_, row);
      }
    }
    is_touched_ = is_touched_ || !added.empty();
    rows::insert_tags(session_, batch_.registry(), *id_, added, batch_.now);
  }

  void tell_push(const TagName& name, const Digest& digest) {
    if (!place_) place_ = find_place(session_, batch_.registry(), *id_);
    tell_found_push(session_, *place_, name, digest, batch_.now);
  }

  // A tag that is just being deleted on distribution 2: it is there no more, and has not moved.
  bool is_placeholder(const Digest& digest) {
    return session_.single<bool>(
        "SELECT EXISTS (SELECT 1 FROM tag_removal WHERE registry_id = :registry AND placeholder = :digest)",
        batch_.registry(), digest);
  }

  void show(const TagName& name) {
    const auto known = tags_.find(name);
    if (known == tags_.end() || known->second.missing_passes == 0) return;
    rows::show_tag(session_, batch_.registry(), *id_, name);
  }

  Changes::Batch& batch_;
  db::Session& session_;
  const SeenRepository& seen_;
  std::optional<RepositoryId> id_;
  KnownTags tags_;  // those that are seen, as they are now
  rows::Deletions deleted_;
  std::optional<Place> place_;  // once somebody is told of a tag
  std::map<Digest, rows::StoredManifest> manifests_;
  bool is_touched_ = false;
  bool is_measured_anew_ = false;
};

}  // namespace

Changes::Batch::Batch(const Changes& changes, db::Session& lent)
    : session(lent),
      now(changes.clock_.now()),
      changes_(changes),
      recorded_(changes.recorded_),
      unrecorded_(changes.unrecorded_) {}

void Changes::Batch::record(std::string action, const std::string& what, boost::json::value before,
                            boost::json::value after) {
  if (recorded_ >= max_events) {
    ++unrecorded_;
    return;
  }
  ++recorded_;
  changes_.recorder_.record(session, background(),
                            {.action = std::move(action),
                             .subject = changes_.registry_.name.str() + ": " + what,
                             .before = std::move(before),
                             .after = std::move(after)});
}

void Changes::Batch::record_always(std::string action, boost::json::value after) {
  changes_.recorder_.record(
      session, background(),
      {.action = std::move(action), .subject = changes_.registry_.name.str(), .after = std::move(after)});
}

Changes::Changes(db::Database& database, const audit::Recorder& recorder, const Clock& clock,
                 const registries::Registry& registry, Claim claim, std::chrono::milliseconds claim_lasts)
    : database_(database),
      recorder_(recorder),
      clock_(clock),
      registry_(registry),
      claim_(std::move(claim)),
      claim_lasts_(claim_lasts) {}

std::map<RepositoryPath, KnownRepository> Changes::known_repositories() {
  return read([](db::Session& session, RegistryId registry) { return rows::known_repositories(session, registry); });
}

KnownTags Changes::known_tags(RepositoryId repository, const std::optional<TagName>& after,
                              const std::optional<TagName>& up_to) {
  return read([&](db::Session& session, RegistryId registry) {
    return rows::known_tags(session, registry, repository, after, up_to);
  });
}

std::vector<Digest> Changes::unknown(const std::vector<Digest>& digests) {
  return read([&](db::Session& session, RegistryId registry) { return rows::unsettled(session, registry, digests); });
}

void Changes::commit(const std::function<void(Batch&)>& work) {
  const auto [recorded, unrecorded] = database_.write([&](db::Session& session) {
    if (!renew_claim(session, claim_, clock_.now() + claim_lasts_, progress_)) throw ClaimLost();
    Batch batch(*this, session);
    work(batch);
    return std::pair(batch.recorded_, batch.unrecorded_);
  });
  recorded_ = recorded;
  unrecorded_ = unrecorded;
  reported_ = progress_;
  renewed_at_ = std::chrono::steady_clock::now();
  has_written_ = true;
}

void Changes::write(const std::vector<SeenRepository>& seen) {
  if (seen.empty()) return;
  commit([&](Batch& batch) {
    for (const auto& repository : seen) Writer(batch, repository).run();
  });
}

std::vector<rows::DueManifest> Changes::due(Time until, const std::optional<rows::DueManifest>& after,
                                            std::int64_t limit) {
  return read([&](db::Session& session, RegistryId registry) {
    return rows::find_due(session, registry, until, after, limit);
  });
}

std::int64_t Changes::count_due(Time until) {
  return read([&](db::Session& session, RegistryId registry) { return rows::count_due(session, registry, until); });
}

void Changes::write(const std::vector<ReadMissing>& read) {
  if (read.empty()) return;
  commit([&](Batch& batch) {
    for (const auto& one : read) {
      if (one.configuration) rows::write_config(batch.session, one.of, *one.configuration, batch.now);
      write_learned(batch.session, batch.registry(), one.manifests, batch.now);
    }
  });
}

// Measured outside of the transaction that writes it down, so that no other writer waits for it.
void Changes::measure() {
  constexpr std::int64_t at_once = 20;
  while (true) {
    const auto measured = read(
        [](db::Session& session, RegistryId registry) { return rows::measure_unmeasured(session, registry, at_once); });
    if (measured.empty()) return;
    commit([&](Batch& batch) {
      for (const auto& one : measured) rows::write_size(batch.session, batch.registry(), one);
    });
    if (measured.size() < at_once) return;
  }
}

void Changes::note_complete() {
  commit([](Batch& batch) {
    batch.session.execute("UPDATE registry_sync SET complete_at = :now WHERE registry_id = :registry", batch.now,
                          batch.registry());
  });
}

void Changes::report(const SyncProgress& progress) {
  const bool is_news = progress != reported_;
  const auto since = std::chrono::steady_clock::now() - renewed_at_;
  progress_ = progress;
  if (since < (is_news ? std::chrono::milliseconds(reports_every) : claim_lasts_ / 3)) return;
  try {
    const bool is_held = database_.write(
        [&](db::Session& session) { return renew_claim(session, claim_, clock_.now() + claim_lasts_, progress_); });
    if (!is_held) throw ClaimLost();
  } catch (const db::Unavailable&) {
    return;  // it may be back before the claim runs out
  }
  reported_ = progress_;
  renewed_at_ = std::chrono::steady_clock::now();
}

void Changes::record_rest() {
  if (unrecorded_ == 0) return;
  commit([&](Batch& batch) {
    batch.record_always("catalog.changed", boost::json::object{{"further_changes", unrecorded_}});
  });
}

}  // namespace spectacles::catalog
