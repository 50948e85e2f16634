#include "audit/decision_retention_sql.h"

#include <fmt/format.h>

namespace spectacles::audit {
namespace {

using Ids = std::vector<std::tuple<std::int64_t>>;

Ids find_outdated(db::Session& session, Time before, std::int64_t rows) {
  auto ids = session.rows<std::int64_t>("SELECT id FROM decision WHERE at < :before ORDER BY at LIMIT :most", before,
                                        DecisionRetention::most_at_once);
  if (!ids.empty()) return ids;
  const auto newest = session.single<std::optional<std::int64_t>>("SELECT MAX(id) FROM decision");
  return session.rows<std::int64_t>("SELECT id FROM decision WHERE id <= :last ORDER BY id LIMIT :most",
                                    newest.value_or(0) - rows, DecisionRetention::most_at_once);
}

std::string list(const Ids& ids) {
  std::string text;
  for (const auto& [id] : ids) fmt::format_to(std::back_inserter(text), "{}{}", text.empty() ? "" : ", ", id);
  return text;
}

}  // namespace

bool DecisionRetention::remove_some() {
  const Time before = clock_.now() - retention_.age;
  const auto ids =
      database_.read([&](db::Session& session) { return find_outdated(session, before, retention_.rows); });
  if (ids.empty()) return false;
  database_.write([&](db::Session& session) {
    session.execute("DELETE FROM decision WHERE id IN (" + list(ids) + ")");
    session.execute("DELETE FROM decision_dropped WHERE hour < :before", before);
  });
  return ids.size() == static_cast<std::size_t>(most_at_once);
}

}  // namespace spectacles::audit
