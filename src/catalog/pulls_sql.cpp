#include "catalog/pulls_sql.h"

namespace spectacles::catalog {

std::int64_t PullFeed::newest() {
  return database_.read([](db::Session& session) {
    return session.single<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM notification");
  });
}

std::vector<Pull> PullFeed::between(std::int64_t after, std::int64_t until, std::size_t most) {
  using Text = std::optional<std::string>;
  std::vector<Pull> pulls;
  if (after >= until) return pulls;
  database_.read([&](db::Session& session) {
    for (const auto& [id, at, registry, repository, ns, tag, digest, actor, address] :
         session.rows<std::int64_t, Time, std::string, std::string, std::optional<NamespaceId>, Text, Text, std::string,
                      std::string>(
             "SELECT n.id, n.at, g.name, n.repository, r.namespace_id, n.tag, n.digest, n.actor, n.address "
             "FROM notification n JOIN registry g ON g.id = n.registry_id "
             "LEFT JOIN repository r ON r.registry_id = n.registry_id AND r.name = n.repository "
             "WHERE n.id > :after AND n.id <= :until AND n.action = 'pull' ORDER BY n.id LIMIT :most",
             after, until, static_cast<std::int64_t>(most))) {
      pulls.push_back({id, at, registry, repository, ns, tag, digest, actor, address});
    }
  });
  return pulls;
}

}  // namespace spectacles::catalog
