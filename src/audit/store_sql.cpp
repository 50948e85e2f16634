#include "audit/store_sql.h"

#include <limits>

namespace spectacles::audit {

ActivityStore::Listed ActivityStore::list(std::optional<AccountId> actor, std::optional<std::int64_t> before_id,
                                          std::size_t limit) {
  return database_.read([&](db::Session& session) {
    Listed listed;
    const auto add = [&](const auto& rows) {
      for (const auto& [id, at, name, action, subject, address, outcome, before, after] : rows) {
        listed.rows.push_back({id, at, name, action, subject, address, outcome, before, after});
      }
    };
    const auto select = [&](const std::string& where, const auto&... values) {
      return session
          .rows<std::int64_t, Time, std::optional<std::string>, std::string, std::string, std::optional<std::string>,
                std::string, std::optional<std::string>, std::optional<std::string>>(
              "SELECT id, at, actor, action, subject, address, outcome, before_json, after_json FROM activity WHERE " +
                  where + " ORDER BY id DESC LIMIT :count",
              values..., static_cast<std::int64_t>(limit + 1));
    };
    const auto older_than = before_id.value_or(std::numeric_limits<std::int64_t>::max());
    if (actor) {
      add(select("actor_id = :actor AND id < :before_id", *actor, older_than));
      listed.total = session.single<std::int64_t>("SELECT count(*) FROM activity WHERE actor_id = :actor", *actor);
    } else {
      add(select("id < :before_id", older_than));
      listed.total = session.single<std::int64_t>("SELECT count(*) FROM activity");
    }
    return listed;
  });
}

Counts ActivityStore::count() {
  return database_.read([](db::Session& session) {
    return Counts{
        .users = session.single<std::int64_t>("SELECT count(*) FROM account"),
        .groups = session.single<std::int64_t>("SELECT count(*) FROM user_group"),
        .registries = session.single<std::int64_t>("SELECT count(*) FROM registry"),
        .background_seen_at = session.single<std::optional<Time>>("SELECT max(finished_at) FROM registry_sync")};
  });
}

}  // namespace spectacles::audit
