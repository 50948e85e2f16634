#include "catalog/tags_sql.h"

#include <tuple>

#include "db/like.h"
#include "db/query.h"

namespace spectacles::catalog {
namespace {

constexpr std::string_view selected =
    "SELECT t.name, t.natural_name, t.digest, t.media_type, m.kind, m.platform, t.size, t.pushed_at, t.pulled_at, "
    "t.pulls, t.missing_since, t.first_seen_at, t.changed_at FROM tag t LEFT JOIN manifest m ON m.id = t.manifest_id";

std::vector<Tag> select(db::Session& session, const db::Query& query, const PageRequest& page,
                        const std::vector<db::Query::Key>& keys) {
  std::vector<Tag> tags;
  auto rows =
      query.rows<TagName, std::string, Digest, std::string, std::optional<std::string>, std::optional<std::string>,
                 std::int64_t, Time, Time, std::int64_t, std::optional<Time>, Time, Time>(session, page, keys);
  tags.reserve(rows.size());
  for (auto& [name, natural_name, digest, media_type, kind, platform, size, pushed_at, pulled_at, pulls, missing_since,
              first_seen_at, changed_at] : rows) {
    tags.push_back({.name = std::move(name),
                    .natural_name = std::move(natural_name),
                    .digest = std::move(digest),
                    .media_type = std::move(media_type),
                    .kind = std::move(kind),
                    .platform = std::move(platform),
                    .size = size,
                    .pushed_at = pushed_at,
                    .pulled_at = pulled_at,
                    .pulls = pulls,
                    .missing_since = missing_since,
                    .first_seen_at = first_seen_at,
                    .changed_at = changed_at});
  }
  return tags;
}

std::vector<db::Query::Key> keys_of(const Order& order) {
  if (order.by == "size") return {{"t.size", true}, {"t.name"}};
  if (order.by == "pushed") return {{"t.pushed_at", true}, {"t.name"}};
  if (order.by == "pulled") return {{"t.pulled_at", true}, {"t.name"}};
  if (order.by == "changed_at") return {{"t.changed_at", true}, {"t.name"}};
  return {{"t.natural_name"}, {"t.name"}};
}

}  // namespace

std::vector<std::string> key_of(const Tag& tag, const Order& order) {
  const auto number = [&](std::int64_t value) { return std::vector{std::to_string(value), tag.name.str()}; };
  if (order.by == "size") return number(tag.size);
  if (order.by == "pushed") return number(to_millis(tag.pushed_at));
  if (order.by == "pulled") return number(to_millis(tag.pulled_at));
  if (order.by == "changed_at") return number(to_millis(tag.changed_at));
  return {tag.natural_name, tag.name.str()};
}

namespace rows {

Rows<Tag> list_tags(db::Session& session, RepositoryId repository, const std::string& search, const PageRequest& page) {
  const auto filtered = [&](std::string_view select) {
    db::Query query(select);
    query.where("t.repository_id = :repository", repository);
    if (!search.empty()) query.where(db::matches("t.name", "search"), db::containing(search));
    return query;
  };
  Rows<Tag> list{.rows = select(session, filtered(selected), page, keys_of(page.order))};
  // What is on one page need not be counted again, and what is rare is on one page.
  const bool is_whole = page.after.empty() && list.rows.size() <= page.limit;
  list.total =
      is_whole ? static_cast<std::int64_t>(list.rows.size()) : filtered("SELECT t.name FROM tag t").count(session);
  return list;
}

std::optional<Tag> find_tag(db::Session& session, RepositoryId repository, const TagName& name) {
  db::Query query(selected);
  query.where("t.repository_id = :repository", repository).where("t.name = :name", name);
  auto found = select(session, query, {.limit = 1}, {{"t.name"}});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace rows
}  // namespace spectacles::catalog
