#include "catalog/search_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "catalog/repositories_sql.h"
#include "db/query.h"

namespace spectacles::catalog {
namespace {

// Up to here the tags are found by their own names, and then those are taken whose repositories are wanted.
constexpr std::int64_t few_tags = 2000;
constexpr std::size_t first_batch = 200;
constexpr std::size_t last_batch = 5000;

constexpr std::string_view columns =
    "SELECT r.id, r.registry_id, g.name, g.public_host, r.name, r.natural_name, r.namespace_id, t.name, t.digest, "
    "t.size, t.pushed_at ";

Hit to_hit(const Repository& repository) {
  return {.repository = repository.id,
          .registry = repository.registry,
          .registry_name = repository.registry_name,
          .registry_host = repository.registry_host,
          .name = repository.name,
          .natural_name = repository.natural_name,
          .ns = repository.ns,
          .tag = {},
          .digest = {},
          .size = repository.size,
          .pushed_at = repository.pushed_at};
}

// The address of a registry before a name is no part of it: then only that registry's are wanted.
RepositoryFilter to_filter(db::Session& session, const std::vector<std::string>& words) {
  RepositoryFilter filter{.search = words};
  for (const auto& [name, host] : session.rows<std::string, std::string>("SELECT name, public_host FROM registry")) {
    for (auto& word : filter.search) {
      if (!word.starts_with(host + "/")) continue;
      word.erase(0, host.size() + 1);
      filter.registry = name;
    }
  }
  std::erase(filter.search, "");
  return filter;
}

// The tags that begin with a text, in repositories of a filter.
class TagSearch {
 public:
  TagSearch(db::Session& session, const Visible& visible, RepositoryFilter filter, std::string from, PageRequest page)
      : session_(session),
        visible_(visible),
        filter_(std::move(filter)),
        from_(std::move(from)),
        to_(from_ + '~'),  // behind all that a tag is made of
        page_(std::move(page)) {}

  // Adds hits until there is one more than the page holds.
  void fill(std::vector<Hit>& hits) {
    const auto found = session_.single<std::int64_t>(
        "SELECT count(*) FROM (SELECT 1 AS one FROM tag WHERE name >= :begin AND name < :end LIMIT :most) some_tags",
        from_, to_, few_tags + 1);
    if (found == 0) return;
    if (found <= few_tags) {
      fill_by_tags(hits);
    } else {
      fill_by_repositories(hits);
    }
  }

 private:
  static std::vector<db::Query::Key> keys() { return {{"r.natural_name"}, {"r.id", true}, {"t.name"}}; }

  // One page of a query; whether it was the last.
  bool add(std::vector<Hit>& hits, const db::Query& query, PageRequest& page) const {
    auto rows = query.rows<RepositoryId, RegistryId, Label, RegistryHost, RepositoryPath, std::string,
                           std::optional<NamespaceId>, TagName, Digest, std::int64_t, Time>(session_, page, keys());
    const bool is_last = rows.size() <= page.limit;
    for (auto& [id, registry, registry_name, host, name, natural_name, ns, tag, digest, size, pushed_at] : rows) {
      if (hits.size() > page_.limit) break;
      page.after = {natural_name, std::to_string(id.value()), tag.str()};
      if (!visible_.sees(ns, name)) continue;
      hits.push_back({id, registry, registry_name, host, name, natural_name, ns, tag, digest, size, pushed_at});
    }
    return is_last;
  }

  void fill_by_tags(std::vector<Hit>& hits) const {
    const auto registry = rows::registry_of(session_, filter_);
    if (!registry) return;
    db::Query query(std::string(columns) +
                    "FROM (SELECT repository_id, name FROM tag WHERE name >= :begin AND name < :end LIMIT :most) c "
                    "JOIN tag t ON t.repository_id = c.repository_id AND t.name = c.name "
                    "JOIN repository r ON r.id = t.repository_id JOIN registry g ON g.id = r.registry_id");
    query.bind(from_, to_, few_tags + 1).where(visible_.condition("r.namespace_id"));
    rows::add_filter(query, filter_, *registry);
    auto page = page_;
    while (hits.size() <= page_.limit && !add(hits, query, page)) {
    }
  }

  void fill_by_repositories(std::vector<Hit>& hits) const {
    PageRequest where{.limit = first_batch, .after = {}, .order = {"name"}};
    if (!page_.after.empty()) {
      // From the repository on in which the page before ended: behind the id before its own.
      const auto id = parse_id<RepositoryId>(page_.after.at(1));
      where.after = {page_.after.at(0), std::to_string(id ? id->value() - 1 : 0)};
    }
    auto page = page_;
    const rows::Places places(session_, visible_, filter_);
    bool has_more = true;
    while (has_more && hits.size() <= page_.limit) {
      std::vector<std::int64_t> ids;
      has_more = places.read(where, ids);
      if (!ids.empty()) add_tags_of(hits, ids, page);
      where.limit = std::min(where.limit * 3, last_batch);
    }
  }

  void add_tags_of(std::vector<Hit>& hits, const std::vector<std::int64_t>& ids, PageRequest& page) const {
    db::Query query(std::string(columns) +
                    "FROM tag t JOIN repository r ON r.id = t.repository_id JOIN registry g ON g.id = r.registry_id");
    query.where(fmt::format("t.repository_id IN ({})", fmt::join(ids, ",")))
        .where("t.name >= :begin AND t.name < :end", from_, to_);
    while (hits.size() <= page_.limit && !add(hits, query, page)) {
    }
  }

  db::Session& session_;
  const Visible& visible_;
  const RepositoryFilter filter_;
  const std::string from_;
  const std::string to_;
  const PageRequest page_;
};

}  // namespace

std::vector<std::string> key_of(const Hit& hit) {
  return {hit.tag ? "t" : "r", hit.natural_name, std::to_string(hit.repository.value()),
          hit.tag ? hit.tag->str() : std::string()};
}

namespace rows {

std::vector<Hit> search(db::Session& session, const Visible& visible, const SearchWords& words,
                        const PageRequest& page) {
  std::vector<Hit> hits;
  const bool behind_repositories = !page.after.empty() && page.after.front() == "t";
  if (!words.tag && !behind_repositories) {
    PageRequest of_repositories{.limit = page.limit, .after = {}, .order = {"name"}};
    if (!page.after.empty()) of_repositories.after = {page.after.at(1), page.after.at(2)};
    const auto found = page_of_repositories(session, visible, to_filter(session, words.words), of_repositories);
    hits.reserve(found.size());
    for (const auto& repository : found) hits.push_back(to_hit(repository));
    if (hits.size() > page.limit) return hits;
  }
  auto names = words.words;
  if (!words.tag) names.pop_back();
  const auto& tag = words.tag ? *words.tag : words.last;
  if (!tag.empty() && !TagName::parse(tag)) return hits;  // nothing begins with what no tag can hold
  PageRequest of_tags{.limit = page.limit, .after = {}, .order = {"name"}};
  if (behind_repositories) of_tags.after = {page.after.at(1), page.after.at(2), page.after.at(3)};
  TagSearch(session, visible, to_filter(session, names), tag, of_tags).fill(hits);
  return hits;
}

}  // namespace rows
}  // namespace spectacles::catalog
