#include "catalog/learned_sql.h"

#include <set>

#include "catalog/write_sql.h"
#include "registries/rows_sql.h"

namespace spectacles::catalog {
namespace {

using Stored = std::map<Digest, rows::StoredManifest>;

// All digests that `details` are of or lead to.
std::vector<Digest> all_of(const std::map<Digest, ManifestDetails>& details) {
  std::set<Digest> all;
  for (const auto& [digest, one] : details) {
    all.insert(digest);
    for (const auto& child : one.children()) all.insert(child);
  }
  return {all.begin(), all.end()};
}

// Those of which it says something new.
std::vector<ManifestId> write_rows(db::Session& session, RegistryId registry, const ReadDetails& read, Stored& stored,
                                   Time now) {
  std::vector<ManifestId> written;
  for (const auto& [digest, one] : read.details) {
    const auto known = stored.find(digest);
    if (known != stored.end() && known->second.is_settled) continue;
    const auto* const row = known == stored.end() ? nullptr : &known->second;
    const auto now_stored = rows::write_manifest(session, registry, digest, one, row, now);
    stored.insert_or_assign(digest, now_stored);
    written.push_back(now_stored.id);
  }
  for (const auto& [digest, one] : read.details) {
    for (const auto& part : one.parts) {
      if (part.role != PartRole::manifest || stored.contains(part.digest)) continue;
      const auto id = rows::insert_unread_manifest(session, registry, part.digest, part.media_type, now);
      stored.emplace(part.digest, rows::StoredManifest{id, false, 0});
    }
  }
  for (const auto& digest : read.unanswered) {
    if (const auto row = stored.find(digest); row != stored.end()) rows::want_manifest(session, row->second.id, now);
  }
  return written;
}

}  // namespace

void write_learned(db::Session& session, RegistryId registry, const ReadDetails& read, Time now) {
  if (read.details.empty()) return;
  auto stored = rows::find_manifests(session, registry, all_of(read.details));
  const auto written = write_rows(session, registry, read, stored, now);
  for (const auto repository : rows::measure_above(session, registry, written)) {
    rows::recount_repository(session, registry, repository);
  }
}

std::optional<registries::Registry> LearnedStore::find_registry(RegistryId id) {
  return database_.read([&](db::Session& session) { return registries::rows::find_registry(session, id); });
}

std::vector<Digest> LearnedStore::unknown(RegistryId registry, const std::vector<Digest>& digests) {
  return database_.read([&](db::Session& session) { return rows::unsettled(session, registry, digests); });
}

void LearnedStore::write(RegistryId registry, const ReadDetails& read) {
  if (read.details.empty()) return;
  database_.write([&](db::Session& session) {
    if (registries::rows::find_registry(session, registry)) write_learned(session, registry, read, clock_.now());
  });
}

}  // namespace spectacles::catalog
