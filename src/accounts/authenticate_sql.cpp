#include "accounts/authenticate.h"
#include "accounts/rows_sql.h"
#include "base/waiting.h"
#include "db/database.h"

namespace spectacles::accounts {
namespace {

constexpr std::size_t most_candidates = 50'000;

std::shared_ptr<const Candidate> find_candidate(db::Session& session, const UserName& username) {
  auto account = rows::find_account(session, username);
  if (!account) return nullptr;
  const AccountId id = account->id;
  return std::make_shared<const Candidate>(
      Candidate{.principal = {.account = std::move(account), .groups = rows::groups_of(session, id)},
                .password_hash = rows::find_password_hash(session, id).value()});
}

bool may_sign_in(const Candidate* candidate) {
  return candidate != nullptr && !candidate->principal.account->disabled;
}

tl::unexpected<Refusal> refuse_credentials() {
  return refuse(RefusalKind::unauthenticated, "wrong user name or password");
}

}  // namespace

Authenticator::Authenticator(db::Database& database, db::Generation& generation, PasswordHasher& hasher,
                             Throttle& throttle, RememberedPasswords& passwords)
    : database_(database),
      hasher_(hasher),
      throttle_(throttle),
      passwords_(passwords),
      candidates_(generation, most_candidates) {}

std::shared_ptr<const Candidate> Authenticator::find(const Result<UserName>& username) {
  if (!username) return nullptr;
  return candidates_.get(*username, [&] {
    return database_.read([&](db::Session& session) { return find_candidate(session, *username); });
  });
}

std::optional<Principal> Authenticator::recognize(std::string_view user, const Secret& password) {
  const auto candidate = find(UserName::parse(user));
  if (!may_sign_in(candidate.get()) ||
      !passwords_.knows(candidate->principal.account->id, candidate->password_hash, password)) {
    return std::nullopt;
  }
  return candidate->principal;
}

std::optional<AccountId> Authenticator::find_account(const UserName& user) {
  const auto candidate = find(user);
  return candidate ? std::optional(candidate->principal.account->id) : std::nullopt;
}

Result<Principal> Authenticator::authenticate(std::string_view user, const Secret& password,
                                              const std::string& address) {
  const auto username = UserName::parse(user);
  const auto candidate = find(username);
  const auto id = candidate ? candidate->principal.account->id : AccountId(0);
  if (may_sign_in(candidate.get()) && passwords_.knows(id, candidate->password_hash, password))
    return candidate->principal;

  before_waiting();
  const auto counted_name = username ? username->str() : std::string();
  if (auto may_try = throttle_.begin(counted_name, address); !may_try) return pass_on(may_try);
  const auto hash = candidate ? std::optional(candidate->password_hash) : std::nullopt;
  if (!hasher_.verify(password, hash)) return refuse_credentials();
  throttle_.succeeded(counted_name, address);
  if (!may_sign_in(candidate.get())) return refuse_credentials();
  passwords_.remember(id, candidate->password_hash, password);
  return candidate->principal;
}

}  // namespace spectacles::accounts
