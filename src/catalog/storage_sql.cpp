#include "catalog/storage_sql.h"

#include <algorithm>
#include <map>

namespace spectacles::catalog {

std::vector<Stored> storage_by_namespace(db::Database& database, const Visible& visible) {
  std::map<std::optional<NamespaceId>, Stored> found;
  database.read([&](db::Session& session) {
    found.clear();
    for (const auto& [ns, repositories, bytes] : session.rows<std::optional<NamespaceId>, std::int64_t, std::int64_t>(
             "SELECT namespace_id, COUNT(*), COALESCE(SUM(size), 0) FROM repository WHERE " +
             visible.condition_whole("namespace_id") + " GROUP BY namespace_id")) {
      found[ns] = {ns, repositories, bytes};
    }
    const auto single = visible.condition_single("namespace_id");
    if (!single) return;
    for (const auto& [ns, name, bytes] : session.rows<std::optional<NamespaceId>, RepositoryPath, std::int64_t>(
             "SELECT namespace_id, name, size FROM repository WHERE " + *single)) {
      if (!visible.sees(ns, name)) continue;
      auto& stored = found[ns];
      stored.ns = ns;
      ++stored.repositories;
      stored.bytes += bytes;
    }
  });
  std::vector<Stored> sorted;
  sorted.reserve(found.size());
  for (const auto& [ns, stored] : found) sorted.push_back(stored);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Stored& a, const Stored& b) { return a.bytes > b.bytes; });
  return sorted;
}

}  // namespace spectacles::catalog
