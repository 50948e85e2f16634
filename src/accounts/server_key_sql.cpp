#include "accounts/server_key_sql.h"

#include "crypto/random.h"

namespace spectacles::accounts {

Secret load_or_make_server_key(db::Database& database, const std::optional<Secret>& configured) {
  if (configured) return *configured;
  return database.write([](db::Session& session) {
    if (auto kept = session.find<std::string>("SELECT value FROM setting WHERE name = 'session_key'")) {
      return Secret(std::get<0>(std::move(*kept)));
    }
    Secret made(crypto::random_token());
    session.execute("INSERT INTO setting (name, value) VALUES ('session_key', :value)", made.reveal());
    return made;
  });
}

}  // namespace spectacles::accounts
