#include "catalog/repositories_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "db/like.h"
#include "db/query.h"

namespace spectacles::catalog {
namespace {

// Up to here it is quicker to find all that is wanted and sort it than to walk along an order until a page is full.
constexpr std::int64_t few = 2000;

constexpr std::string_view selected =
    "SELECT r.id, r.registry_id, g.name, g.public_host, r.name, r.natural_name, r.namespace_id, r.tag_count, r.size, "
    "r.pushed_at, r.pulled_at, r.pulls, r.missing_since, r.first_seen_at, r.changed_at "
    "FROM repository r JOIN registry g ON g.id = r.registry_id";

using Row =
    std::tuple<RepositoryId, RegistryId, Label, RegistryHost, RepositoryPath, std::string, std::optional<NamespaceId>,
               std::int64_t, std::int64_t, Time, Time, std::int64_t, std::optional<Time>, Time, Time>;

std::vector<Repository> to_repositories(std::vector<Row>&& rows) {
  std::vector<Repository> repositories;
  repositories.reserve(rows.size());
  for (auto& [id, registry, registry_name, host, name, natural_name, ns, tags, size, pushed_at, pulled_at, pulls,
              missing_since, first_seen_at, changed_at] : rows) {
    repositories.push_back({.id = id,
                            .registry = registry,
                            .registry_name = std::move(registry_name),
                            .registry_host = std::move(host),
                            .name = std::move(name),
                            .natural_name = std::move(natural_name),
                            .ns = ns,
                            .tags = tags,
                            .size = size,
                            .pushed_at = pushed_at,
                            .pulled_at = pulled_at,
                            .pulls = pulls,
                            .missing_since = missing_since,
                            .first_seen_at = first_seen_at,
                            .changed_at = changed_at});
  }
  return repositories;
}

template <class Sorted>
std::vector<Repository> select(db::Session& session, const db::Query& query, const PageRequest& page,
                               const Sorted& sorted) {
  return to_repositories(
      query.rows<RepositoryId, RegistryId, Label, RegistryHost, RepositoryPath, std::string, std::optional<NamespaceId>,
                 std::int64_t, std::int64_t, Time, Time, std::int64_t, std::optional<Time>, Time, Time>(session, page,
                                                                                                        sorted));
}

struct Registry {
  RegistryId id;
  std::string name;
};

// By name; those of the filter.
std::vector<Registry> find_registries(db::Session& session, const RepositoryFilter& filter) {
  std::vector<Registry> registries;
  for (auto& [id, name] : session.rows<RegistryId, std::string>("SELECT id, name FROM registry ORDER BY name")) {
    if (!filter.registry || *filter.registry == name) registries.push_back({id, std::move(name)});
  }
  return registries;
}

// Where an order's index is walked along, a '+' keeps an engine from using the index of the column behind it instead.
enum class Way { find, walk };

void add_conditions(db::Query& query, const RepositoryFilter& filter, const std::optional<RegistryId>& registry,
                    Way way) {
  const std::string plus = way == Way::walk ? "+" : "";
  if (filter.ns) query.where(plus + "r.namespace_id = :namespace", *filter.ns);
  if (filter.unassigned) query.where("r.namespace_id IS NULL");
  if (registry) query.where(plus + "r.registry_id = :registry", *registry);
  for (std::size_t at = 0; at < filter.search.size(); ++at) {
    // Names of repositories have no capitals.
    query.where(fmt::format("r.name LIKE LOWER(:search{}) ESCAPE '!'", at), db::containing(filter.search[at]));
  }
}

// Those that `visible` lets through and the filter wants, however many they are. What is seen narrows more than the
// registry does.
db::Query all_of(std::string_view select, const std::string& condition, const Visible& visible,
                 const RepositoryFilter& filter, const std::optional<RegistryId>& registry) {
  db::Query query(select);
  auto rest = filter;
  rest.registry.reset();
  if (!visible.everything()) {
    query.where(condition);
    if (registry) query.where("+r.registry_id = :registry", *registry);
    add_conditions(query, rest, std::nullopt, Way::find);
  } else {
    add_conditions(query, rest, registry, Way::find);
  }
  return query;
}

// The ids of what is seen and wanted, when these are few; nothing: they are many.
std::optional<std::vector<std::int64_t>> find_few(db::Session& session, const Visible& visible,
                                                  const RepositoryFilter& filter,
                                                  const std::optional<RegistryId>& registry) {
  const auto found =
      all_of("SELECT r.id, r.namespace_id, r.name FROM repository r", visible.condition("r.namespace_id"), visible,
             filter, registry)
          .all<RepositoryId, std::optional<NamespaceId>, RepositoryPath>(session, fmt::format(" LIMIT {}", few + 1));
  if (static_cast<std::int64_t>(found.size()) > few) return std::nullopt;
  std::vector<std::int64_t> ids;
  ids.reserve(found.size());
  for (const auto& [id, ns, name] : found) {
    if (visible.sees(ns, name)) ids.push_back(id.value());
  }
  return ids;
}

std::string among(const std::vector<std::int64_t>& ids) {
  return ids.empty() ? "1 = 0" : fmt::format("r.id IN ({})", fmt::join(ids, ","));
}

bool wants_all(const Visible& visible, const RepositoryFilter& filter) {
  return visible.everything() && filter.search.empty() && !filter.registry && !filter.ns && !filter.unassigned;
}

std::string_view column_of(const Order& order) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> columns{
      {{"size", "r.size"},
       {"pushed", "r.pushed_at"},
       {"pulled", "r.pulled_at"},
       {"tags", "r.tag_count"},
       {"changed_at", "r.changed_at"}}};
  const auto* const found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.first == order.by; });
  return found == columns.end() ? "r.natural_name" : found->second;
}

std::vector<db::Query::Key> keys_of(const Order& order) {
  const auto column = column_of(order);
  if (order.by == "registry") return {{"g.name"}, {"r.natural_name"}, {"r.id", true}};
  return {{column, column != "r.natural_name"}, {"r.id", true}};
}

// Walks along an order until a page is full; which of the rows are seen is decided here.
class Walk {
 public:
  Walk(db::Session& session, const Visible& visible, const RepositoryFilter& filter, PageRequest page,
       std::optional<RegistryId> registry)
      : session_(session), visible_(visible), filter_(filter), page_(std::move(page)), registry_(registry) {}

  // Until `rows` holds one more than the page.
  void fill(std::vector<Repository>& rows) {
    if (page_.order.by == "registry") return fill_by_registry(rows);
    db::Query query(selected);
    if (!visible_.everything()) query.where("+" + visible_.condition("r.namespace_id"));
    add_conditions(query, filter_, registry_, Way::walk);
    fill(rows, query, page_);
  }

 private:
  // No index knows the names of registries: one registry after the other.
  void fill_by_registry(std::vector<Repository>& rows) {
    auto registries = find_registries(session_, filter_);
    if (page_.order.descending) std::reverse(registries.begin(), registries.end());
    for (const auto& registry : registries) {
      auto page = page_;
      page.order.by = "name";
      if (!page_.after.empty()) {
        const auto& last = page_.after.front();
        if (page_.order.descending ? registry.name > last : registry.name < last) continue;
        page.after.erase(page.after.begin());
        if (registry.name != last) page.after.clear();
      }
      db::Query query(selected);
      if (!visible_.everything()) query.where("+" + visible_.condition("r.namespace_id"));
      query.where("r.registry_id = :registry", registry.id);
      add_conditions(query, filter_, std::nullopt, Way::walk);
      fill(rows, query, std::move(page));
      if (rows.size() > page_.limit) return;
    }
  }

  void fill(std::vector<Repository>& rows, const db::Query& query, PageRequest page) const {
    while (true) {
      auto found = select(session_, query, page, keys_of(page.order));
      const bool is_last = found.size() <= page.limit;
      if (!is_last) page.after = key_of(found.back(), page.order);
      for (auto& one : found) {
        if (visible_.sees(one.ns, one.name)) rows.push_back(std::move(one));
        if (rows.size() > page_.limit) return;
      }
      if (is_last) return;
      page.limit = std::max<std::size_t>(page.limit, 200);
    }
  }

  db::Session& session_;
  const Visible& visible_;
  const RepositoryFilter& filter_;
  const PageRequest page_;
  const std::optional<RegistryId> registry_;
};

std::vector<Repository> read_page(db::Session& session, const Visible& visible, const RepositoryFilter& filter,
                                  const std::optional<RegistryId>& registry,
                                  const std::optional<std::vector<std::int64_t>>& wanted, const PageRequest& page) {
  std::vector<Repository> rows;
  if (!wanted) {
    Walk(session, visible, filter, page, registry).fill(rows);
  } else if (!wanted->empty()) {
    db::Query query(selected);
    query.where(among(*wanted));
    rows = select(session, query, page, keys_of(page.order));
  }
  return rows;
}

}  // namespace

std::vector<std::string> key_of(const Repository& repository, const Order& order) {
  const auto id = std::to_string(repository.id.value());
  const auto number = [&](std::int64_t value) { return std::vector{std::to_string(value), id}; };
  if (order.by == "size") return number(repository.size);
  if (order.by == "pushed") return number(to_millis(repository.pushed_at));
  if (order.by == "pulled") return number(to_millis(repository.pulled_at));
  if (order.by == "tags") return number(repository.tags);
  if (order.by == "changed_at") return number(to_millis(repository.changed_at));
  if (order.by == "registry") return {repository.registry_name.str(), repository.natural_name, id};
  return {repository.natural_name, id};
}

namespace rows {

std::optional<std::optional<RegistryId>> registry_of(db::Session& session, const RepositoryFilter& filter) {
  if (!filter.registry) return std::optional<RegistryId>();
  const auto found = find_registries(session, filter);
  if (found.empty()) return std::nullopt;
  return std::optional(found.front().id);
}

void add_filter(db::Query& query, const RepositoryFilter& filter, const std::optional<RegistryId>& registry) {
  add_conditions(query, filter, registry, Way::walk);
}

std::int64_t count_repositories(db::Session& session, const Visible& visible, const RepositoryFilter& filter) {
  const auto registry = registry_of(session, filter);
  if (!registry) return 0;
  auto total =
      all_of("SELECT r.id FROM repository r", visible.condition_whole("r.namespace_id"), visible, filter, *registry)
          .count(session);
  const auto condition = visible.condition_single("r.namespace_id");
  if (!condition) return total;
  for (const auto& [ns, name] :
       all_of("SELECT r.namespace_id, r.name FROM repository r", *condition, visible, filter, *registry)
           .all<NamespaceId, RepositoryPath>(session, "")) {
    if (visible.sees(ns, name)) ++total;
  }
  return total;
}

Rows<Repository> list_repositories(db::Session& session, const Visible& visible, const RepositoryFilter& filter,
                                   const PageRequest& page) {
  const auto registry = registry_of(session, filter);
  if (!registry) return {};
  const auto wanted = wants_all(visible, filter) ? std::nullopt : find_few(session, visible, filter, *registry);
  return {.rows = read_page(session, visible, filter, *registry, wanted, page),
          .total = wanted ? static_cast<std::int64_t>(wanted->size()) : count_repositories(session, visible, filter)};
}

std::vector<Repository> page_of_repositories(db::Session& session, const Visible& visible,
                                             const RepositoryFilter& filter, const PageRequest& page) {
  const auto registry = registry_of(session, filter);
  if (!registry) return {};
  const auto wanted = find_few(session, visible, filter, *registry);
  return read_page(session, visible, filter, *registry, wanted, page);
}

Places::Places(db::Session& session, const Visible& visible, const RepositoryFilter& filter)
    : session_(session),
      visible_(visible),
      query_("SELECT r.id, r.name, r.natural_name, r.namespace_id FROM repository r") {
  const auto registry = registry_of(session, filter);
  const auto wanted = !registry                    ? std::vector<std::int64_t>()
                      : wants_all(visible, filter) ? std::nullopt
                                                   : find_few(session, visible, filter, *registry);
  if (wanted) {
    query_.where(among(*wanted));
    return;
  }
  if (!visible.everything()) query_.where("+" + visible.condition("r.namespace_id"));
  add_conditions(query_, filter, *registry, Way::walk);
}

bool Places::read(PageRequest& page, std::vector<std::int64_t>& ids) const {
  const auto rows = query_.rows<RepositoryId, RepositoryPath, std::string, std::optional<NamespaceId>>(
      session_, page, keys_of({"name"}));
  ids.reserve(ids.size() + rows.size());
  for (const auto& [id, name, natural_name, ns] : rows) {
    if (visible_.sees(ns, name)) ids.push_back(id.value());
  }
  if (rows.size() <= page.limit) return false;
  page.after = {std::get<2>(rows.back()), std::to_string(std::get<0>(rows.back()).value())};
  return true;
}

std::optional<Repository> find_repository(db::Session& session, RepositoryId id) {
  db::Query query(selected);
  query.where("r.id = :id", id);
  auto found = select(session, query, {.limit = 1}, std::vector<db::Query::Key>{{"r.id", true}});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

VisibleCounts count_visible(db::Session& session, const Visible& visible) {
  const auto counted = session.find<std::int64_t, std::int64_t>(
      "SELECT count(*), COALESCE(SUM(tag_count), 0) FROM repository WHERE " + visible.condition_whole("namespace_id"));
  VisibleCounts counts{std::get<0>(counted.value()), std::get<1>(counted.value())};
  const auto condition = visible.condition_single("namespace_id");
  if (!condition) return counts;
  for (const auto& [ns, name, tags] : session.rows<NamespaceId, RepositoryPath, std::int64_t>(
           "SELECT namespace_id, name, tag_count FROM repository WHERE " + *condition)) {
    if (!visible.sees(ns, name)) continue;
    ++counts.repositories;
    counts.tags += tags;
  }
  return counts;
}

}  // namespace rows
}  // namespace spectacles::catalog
