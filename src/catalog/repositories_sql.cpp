#include "catalog/repositories_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "db/like.h"
#include "db/query.h"

namespace spectacles::catalog {
namespace {

// Up to here it is quicker to find all that is wanted and sort it than to walk along the order until a page is full.
constexpr std::int64_t few = 2000;

constexpr std::string_view selected =
    "SELECT r.id, r.registry_id, g.name, g.public_host, r.name, r.natural_name, r.namespace_id, r.tag_count, r.size, "
    "r.pushed_at, r.pulled_at, r.pulls, r.missing_since, r.first_seen_at, r.changed_at "
    "FROM repository r JOIN registry g ON g.id = r.registry_id";

using Row =
    std::tuple<RepositoryId, RegistryId, Label, RegistryHost, RepositoryPath, std::string, std::optional<NamespaceId>,
               std::int64_t, std::int64_t, Time, Time, std::int64_t, std::optional<Time>, Time, Time>;

std::vector<Repository> to_repositories(std::vector<Row> rows) {
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

// How the rows are looked for. Few are found by the conditions and then sorted; of many an order's index is walked
// along, which the '+' before a column tells an engine that would rather use the column's own index.
enum class Way { find, walk, count };

void add_filter(db::Query& query, const RepositoryFilter& filter, const std::optional<RegistryId>& registry, Way way) {
  const std::string plus = way == Way::walk ? "+" : "";
  if (filter.ns) query.where(plus + "r.namespace_id = :namespace", *filter.ns);
  if (filter.unassigned) query.where("r.namespace_id IS NULL");
  if (registry) query.where(plus + "r.registry_id = :registry", *registry);
  for (std::size_t at = 0; at < filter.search.size(); ++at) {
    // Names of repositories have no capitals.
    const auto matches = fmt::format("name LIKE LOWER(:search{}) ESCAPE '!'", at);
    query.where(
        way == Way::find ? fmt::format("r.id IN (SELECT id FROM repository WHERE {})", matches) : "r." + matches,
        db::containing(filter.search[at]));
  }
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

// One page after the other, as the database gives them; which of the rows are seen is decided here.
class Listing {
 public:
  Listing(db::Session& session, const Visible& visible, const RepositoryFilter& filter, PageRequest page,
          std::optional<RegistryId> registry, Way way)
      : session_(session), visible_(visible), filter_(filter), page_(std::move(page)), registry_(registry), way_(way) {}

  // Until `rows` holds one more than the page.
  void fill(std::vector<Repository>& rows) {
    if (page_.order.by == "registry" && way_ == Way::walk) return fill_by_registry(rows);
    fill(rows, registry_, page_);
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
      fill(rows, registry.id, std::move(page));
      if (rows.size() > page_.limit) return;
    }
  }

  void fill(std::vector<Repository>& rows, const std::optional<RegistryId>& registry, PageRequest page) {
    const bool in_order_of_registry = page_.order.by == "registry" && way_ == Way::walk;
    db::Query query(selected);
    query.where((way_ == Way::walk && !visible_.everything() ? "+" : "") + visible_.condition("r.namespace_id"));
    // Within one registry its own index has the order.
    add_filter(query, filter_, in_order_of_registry ? std::nullopt : registry, way_);
    if (in_order_of_registry) query.where("r.registry_id = :registry", *registry);
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
  const Way way_;
};

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
  catalog::add_filter(query, filter, registry, Way::count);
}

std::int64_t count_repositories(db::Session& session, const Visible& visible, const RepositoryFilter& filter) {
  const auto registry = registry_of(session, filter);
  if (!registry) return 0;
  db::Query whole("SELECT r.id FROM repository r");
  if (!visible.everything()) whole.where(visible.condition_whole("r.namespace_id"));
  add_filter(whole, filter, *registry, Way::count);
  auto total = whole.count(session);
  const auto condition = visible.condition_single("r.namespace_id");
  if (!condition) return total;
  db::Query single("SELECT r.namespace_id, r.name FROM repository r");
  single.where(*condition);
  add_filter(single, filter, *registry, Way::count);
  for (const auto& [ns, name] : single.all_rows<NamespaceId, RepositoryPath>(session)) {
    if (visible.sees(ns, name)) ++total;
  }
  return total;
}

Rows<Repository> list_repositories(db::Session& session, const Visible& visible, const RepositoryFilter& filter,
                                   const PageRequest& page) {
  Rows<Repository> list{.rows = {}, .total = count_repositories(session, visible, filter)};
  const auto registry = registry_of(session, filter);
  if (list.total == 0 || !registry) return list;
  Listing(session, visible, filter, page, *registry, list.total <= few ? Way::find : Way::walk).fill(list.rows);
  return list;
}

std::vector<Place> list_places(db::Session& session, const Visible& visible, const RepositoryFilter& filter,
                               const PageRequest& page) {
  std::vector<Place> places;
  const auto registry = registry_of(session, filter);
  if (!registry) return places;
  const Way way = filter.search.empty() ? Way::walk : Way::find;
  db::Query query("SELECT r.id, r.name, r.natural_name, r.namespace_id FROM repository r");
  if (!visible.everything()) query.where((way == Way::walk ? "+" : "") + visible.condition("r.namespace_id"));
  catalog::add_filter(query, filter, *registry, way);
  auto rows = query.rows<RepositoryId, RepositoryPath, std::string, std::optional<NamespaceId>>(session, page,
                                                                                                keys_of({"name"}));
  places.reserve(rows.size());
  for (auto& [id, name, natural_name, ns] : rows) places.push_back({id, std::move(name), std::move(natural_name), ns});
  return places;
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
