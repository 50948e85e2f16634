#include "accounts/preferences_sql.h"

#include <boost/json/object.hpp>

#include "accounts/rows_sql.h"

namespace spectacles::accounts {
namespace {

Preferences load(db::Session& session, AccountId id) {
  const auto row = session.find<std::string, std::string, std::string>(
      "SELECT theme, density, time_zone FROM preference WHERE account_id = :id", id);
  if (!row) return {};
  const auto& [theme, density, time_zone] = *row;
  return {.theme = theme, .density = density, .time_zone = time_zone};
}

boost::json::object describe(const Preferences& preferences) {
  return {{"theme", preferences.theme}, {"density", preferences.density}, {"time_zone", preferences.time_zone}};
}

}  // namespace

Preferences PreferenceStore::load(AccountId id) {
  return database_.read([&](db::Session& session) { return accounts::load(session, id); });
}

Result<Preferences> PreferenceStore::change(const Account& account, const PreferenceChange& change,
                                            const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<Preferences> {
    if (!rows::find_account(session, account.id)) return refuse(RefusalKind::not_found, "there is no such user");
    const auto before = accounts::load(session, account.id);
    auto after = apply(before, change);
    if (after == before) return after;
    session.execute("DELETE FROM preference WHERE account_id = :id", account.id);
    session.execute(
        "INSERT INTO preference (account_id, theme, density, time_zone) VALUES (:id, :theme, :density, :time_zone)",
        account.id, after.theme, after.density, after.time_zone);
    recorder_.record(session, actor,
                     {.action = "user.preferences_changed",
                      .subject = account.username.str(),
                      .before = describe(before),
                      .after = describe(after)});
    return after;
  });
}

}  // namespace spectacles::accounts
