#include "removal/trash_list_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/subject.h"
#include "db/like.h"
#include "db/query.h"
#include "removal/permission.h"
#include "removal/trash_rows_sql.h"

namespace spectacles::removal {
namespace {

using Ids = std::vector<std::int64_t>;

// Ids are numbers of the database itself; so many could not be bound.
std::string among(const Ids& ids) {
  return ids.empty() ? "1 = 0" : fmt::format("e.namespace_id IN ({})", fmt::join(ids, ","));
}

// The entries that one person may see and one filter wants.
class List {
 public:
  List(db::Session& session, const accounts::Principal& who, const access::NamespaceMap& namespaces,
       const TrashFilter& filter)
      : session_(session), who_(who), namespaces_(namespaces), filter_(filter) {
    if (who.reads_everything()) return;
    const auto subject = access::subject_of(who);
    for (const auto& ns : namespaces.all()) {
      const auto extent = access::deletable(subject, ns);
      if (extent == access::Extent::everything) whole_.push_back(ns.id.value());
      if (extent == access::Extent::some) single_.push_back(ns.id.value());
    }
  }

  // Which rows are seen of namespaces where custom rights decide is found out here, so a page is filled by reading on.
  std::vector<TrashEntry> page(PageRequest page) const {
    auto wanted = whole_;
    wanted.insert(wanted.end(), single_.begin(), single_.end());
    const auto query = wanted_of(trash_columns, wanted);
    const auto limit = page.limit;
    std::vector<TrashEntry> rows;
    while (true) {
      auto found =
          to_entries(query.rows<TrashId, RegistryId, Label, RepositoryPath, std::optional<NamespaceId>, Digest,
                                std::string, std::string, std::int64_t, std::string, std::string, std::string, Time>(
              session_, page, keys_of(page.order)));
      const bool is_last = found.size() <= page.limit;
      if (!is_last) page.after = key_of(found.back(), page.order);
      for (auto& entry : found) {
        if (sees(entry.ns, entry.repository)) rows.push_back(std::move(entry));
        if (rows.size() > limit) return rows;
      }
      if (is_last) return rows;
      page.limit = std::max<std::size_t>(page.limit, 200);
    }
  }

  std::int64_t count() const {
    constexpr std::string_view select =
        "SELECT e.namespace_id, e.repository FROM trash_entry e JOIN registry g ON g.id = e.registry_id";
    auto total = wanted_of(select, whole_).count(session_);
    if (single_.empty()) return total;
    for (const auto& [ns, repository] :
         wanted_of(select, single_).all<std::optional<NamespaceId>, RepositoryPath>(session_, "")) {
      if (sees(ns, repository)) ++total;
    }
    return total;
  }

 private:
  static std::vector<db::Query::Key> keys_of(const Order& order) {
    if (order.by == "repository") return {{"e.repository"}, {"e.id", true}};
    return {{order.by == "size" ? "e.size" : "e.deleted_at", true}, {"e.id", true}};
  }

  db::Query wanted_of(std::string_view select, const Ids& namespaces) const {
    db::Query query(select);
    if (!who_.reads_everything()) query.where(among(namespaces));
    if (filter_.ns) query.where("e.namespace_id = :namespace", *filter_.ns);
    if (filter_.registry) query.where("g.name = :registry", *filter_.registry);
    if (!filter_.search.empty()) query.where(db::matches("e.repository", "search"), db::containing(filter_.search));
    return query;
  }

  bool sees(const std::optional<NamespaceId>& ns, const RepositoryPath& repository) const {
    if (who_.reads_everything()) return true;
    const auto* deciding = ns ? namespaces_.find(*ns) : nullptr;
    return deciding != nullptr && permission_of(who_, deciding, repository) == Permission::deletes;
  }

  db::Session& session_;
  const accounts::Principal& who_;
  const access::NamespaceMap& namespaces_;
  const TrashFilter& filter_;
  Ids whole_;
  Ids single_;  // custom rights give or take single repositories
};

}  // namespace

std::vector<std::string> key_of(const TrashEntry& entry, const Order& order) {
  const auto id = std::to_string(entry.id.value());
  if (order.by == "repository") return {entry.repository.str(), id};
  return {std::to_string(order.by == "size" ? entry.size : to_millis(entry.deleted_at)), id};
}

Rows<TrashEntry> list_trash(db::Session& session, const accounts::Principal& who,
                            const access::NamespaceMap& namespaces, const TrashFilter& filter,
                            const PageRequest& page) {
  const List list(session, who, namespaces, filter);
  return {.rows = list.page(page), .total = list.count()};
}

}  // namespace spectacles::removal
