#include "accounts/authenticate.h"
#include "accounts/rows_sql.h"
#include "db/database.h"

namespace spectacles::accounts {
namespace {

struct Candidate {
  Principal principal;
  std::optional<std::string> password_hash;
};

Candidate find_candidate(db::Session& session, const Result<UserName>& username) {
  auto account = username ? rows::find_account(session, *username) : std::nullopt;
  if (!account) return {};
  const AccountId id = account->id;
  return {.principal = {.account = std::move(account), .groups = rows::groups_of(session, id)},
          .password_hash = rows::find_password_hash(session, id)};
}

}  // namespace

Result<Principal> Authenticator::authenticate(std::string_view user, const Secret& password,
                                              const std::string& address) {
  const auto username = UserName::parse(user);
  const auto counted_name = username ? username->str() : std::string();
  if (auto may_try = throttle_.begin(counted_name, address); !may_try) return pass_on(may_try);
  const auto candidate = database_.read([&](db::Session& session) { return find_candidate(session, username); });
  const bool verified = hasher_.verify(password, candidate.password_hash);
  if (verified) throttle_.succeeded(counted_name, address);
  if (!verified || candidate.principal.account->disabled) {
    return refuse(RefusalKind::unauthenticated, "wrong user name or password");
  }
  return candidate.principal;
}

}  // namespace spectacles::accounts
