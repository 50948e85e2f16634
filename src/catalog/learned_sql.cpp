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

void write_rows(db::Session& session, RegistryId registry, const std::map<Digest, ManifestDetails>& details,
                Stored& stored, Time now) {
  for (const auto& [digest, one] : details) {
    const auto known = stored.find(digest);
    if (known != stored.end() && known->second.is_settled) continue;
    const auto* const row = known == stored.end() ? nullptr : &known->second;
    const auto written = rows::write_manifest(session, registry, digest, one, row, now);
    stored.insert_or_assign(digest, written);
  }
  for (const auto& [digest, one] : details) {
    for (const auto& part : one.parts) {
      if (part.role != PartRole::manifest || stored.contains(part.digest)) continue;
      const auto id = rows::insert_unread_manifest(session, registry, part.digest, part.media_type, now);
      stored.emplace(part.digest, rows::StoredManifest{id, false, 0});
    }
  }
}

// An index is as large as what it leads to, which has its rows by now.
void measure_indexes(db::Session& session, RegistryId registry, const std::map<Digest, ManifestDetails>& details,
                     Stored& stored) {
  for (const auto& [digest, one] : details) {
    if (one.kind != ManifestKind::index || one.state != ManifestState::read) continue;
    auto& row = stored.at(digest);
    row.size = rows::measure_index(session, registry, row.id);
  }
}

void measure_tags(db::Session& session, RegistryId registry, const std::map<Digest, ManifestDetails>& details,
                  const Stored& stored) {
  std::set<RepositoryId> repositories;
  for (const auto& [digest, one] : details) {
    const auto& row = stored.at(digest);
    session.execute("UPDATE tag SET size = :size WHERE manifest_id = :manifest", row.size, row.id);
    for (const auto& [repository] :
         session.rows<RepositoryId>("SELECT DISTINCT repository_id FROM tag WHERE manifest_id = :manifest", row.id)) {
      repositories.insert(repository);
    }
  }
  for (const auto repository : repositories) rows::recount_repository(session, registry, repository);
}

}  // namespace

std::optional<registries::Registry> LearnedStore::find_registry(RegistryId id) {
  return database_.read([&](db::Session& session) { return registries::rows::find_registry(session, id); });
}

std::vector<Digest> LearnedStore::unknown(RegistryId registry, const std::vector<Digest>& digests) {
  return database_.read([&](db::Session& session) { return rows::unsettled(session, registry, digests); });
}

void LearnedStore::write(RegistryId registry, const std::map<Digest, ManifestDetails>& details) {
  if (details.empty()) return;
  database_.write([&](db::Session& session) {
    if (!registries::rows::find_registry(session, registry)) return;
    auto stored = rows::find_manifests(session, registry, all_of(details));
    write_rows(session, registry, details, stored, clock_.now());
    measure_indexes(session, registry, details, stored);
    measure_tags(session, registry, details, stored);
  });
}

}  // namespace spectacles::catalog
