#include "accounts/user_sessions_sql.h"

#include <boost/json/object.hpp>

#include "db/query.h"

namespace spectacles::accounts {

Rows<UserSession> UserSessions::list(const std::optional<AccountId>& user, const PageRequest& page) {
  const Time now = clock_.now();
  db::Query query(
      "SELECT s.id, a.username, s.created_at, s.seen_at, s.address, s.user_agent "
      "FROM session s JOIN account a ON a.id = s.account_id");
  query.where("s.created_at > :oldest", Time(now - session_absolute_limit))
      .where("s.seen_at > :idle", Time(now - session_idle_limit));
  if (user) query.where("s.account_id = :user", *user);
  return database_.read([&](db::Session& session) {
    Rows<UserSession> listed{.rows = {}, .total = query.count(session)};
    for (const auto& [id, username, created_at, seen_at, address, user_agent] :
         query.rows<SessionId, UserName, Time, Time, std::string, std::string>(
             session, page, {.column = "s.seen_at", .tie = "s.id", .numeric = true, .tie_numeric = true})) {
      listed.rows.push_back({.id = id,
                             .username = username,
                             .created_at = created_at,
                             .seen_at = seen_at,
                             .expires_at = session_expiry(created_at, seen_at),
                             .address = address,
                             .user_agent = user_agent});
    }
    return listed;
  });
}

Result<void> UserSessions::end(const Account& user, SessionId id, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto found = session.find<std::string, std::string>(
        "SELECT address, user_agent FROM session WHERE id = :id AND account_id = :user", id, user.id);
    if (!found) return refuse(RefusalKind::not_found, "there is no such session");
    const auto& [address, user_agent] = *found;
    session.execute("DELETE FROM session WHERE id = :id AND account_id = :user", id, user.id);
    recorder_.record(session, actor,
                     {.action = "session.ended",
                      .subject = user.username.str(),
                      .before = boost::json::object{{"address", address}, {"user_agent", user_agent}}});
    return {};
  });
}

std::int64_t UserSessions::end_all(const Account& user, std::optional<SessionId> but, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) {
    const auto ended = session.execute("DELETE FROM session WHERE account_id = :user AND id <> :kept", user.id,
                                       but ? but->value() : 0);  // no row has the id 0
    if (ended > 0) {
      recorder_.record(session, actor,
                       {.action = "session.all_ended",
                        .subject = user.username.str(),
                        .before = boost::json::object{{"sessions", ended}}});
    }
    return ended;
  });
}

}  // namespace spectacles::accounts
