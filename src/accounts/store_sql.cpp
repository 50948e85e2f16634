#include "accounts/store_sql.h"

#include <fmt/format.h>

#include "accounts/describe.h"
#include "accounts/password_rules.h"
#include "accounts/rows_sql.h"

namespace spectacles::accounts {
namespace {

Registration registration_of(db::Session& session, bool enabled) {
  if (!rows::any_account(session)) return Registration::first;
  return enabled ? Registration::open : Registration::closed;
}

tl::unexpected<Refusal> refuse_closed() {
  return refuse(RefusalKind::forbidden, "registration is closed: an administrator makes accounts here");
}

tl::unexpected<Refusal> refuse_taken(const UserName& username) {
  return refuse(RefusalKind::conflict, fmt::format("there is a user {} already", username.str()), "username");
}

audit::Actor actor_of(const Account& account, const Origin& origin) {
  return {.id = account.id, .name = account.username.str(), .address = origin.address};
}

}  // namespace

std::string_view render_registration(Registration registration) {
  switch (registration) {
    case Registration::first:
      return "first";
    case Registration::open:
      return "open";
    case Registration::closed:
      return "closed";
  }
  return "closed";
}

AccountStore::AccountStore(db::Database& database, PasswordHasher& hasher, SessionStore& sessions,
                           const audit::Recorder& recorder, const Clock& clock, Belongings& belongings,
                           Authenticator& authenticator, bool registration_enabled)
    : database_(database),
      hasher_(hasher),
      sessions_(sessions),
      recorder_(recorder),
      clock_(clock),
      belongings_(belongings),
      registration_enabled_(registration_enabled),
      authenticator_(authenticator) {}

Registration AccountStore::registration() {
  return database_.read([&](db::Session& session) { return registration_of(session, registration_enabled_); });
}

Result<SessionStart> AccountStore::register_user(const NewUser& user, const Origin& origin) {
  // Asked before the costly hash and again where it counts, inside the transaction that makes the account.
  if (registration() == Registration::closed) return refuse_closed();
  if (const auto checked = check_password_of(user.password, user.username, user.email); !checked) {
    return pass_on(checked);
  }
  const auto hash = hasher_.hash(user.password);
  try {
    return database_.write([&](db::Session& session) -> Result<SessionStart> {
      const auto registration = registration_of(session, registration_enabled_);
      if (registration == Registration::closed) return refuse_closed();
      const auto id = rows::insert_account(session,
                                           {.username = user.username,
                                            .email = user.email,
                                            .password_hash = hash,
                                            .role = registration == Registration::first ? Role::admin : Role::user},
                                           clock_.now());
      const auto account = rows::find_account(session, id).value();
      recorder_.record(session, actor_of(account, origin),
                       {.action = "user.registered", .subject = account.username.str(), .after = describe(account)});
      belongings_.set_up(session, account, actor_of(account, origin));
      return SessionStart{account, sessions_.start(session, account, origin.address, origin.user_agent)};
    });
  } catch (const db::UniqueViolation&) {
    return refuse_taken(user.username);
  }
}

Result<SessionStart> AccountStore::sign_in(std::string_view username, const Secret& password, const Origin& origin) {
  const auto principal = authenticator_.authenticate(username, password, origin.address);
  if (!principal) {
    // Recorded by name only when it has the form of one: people type passwords into the wrong field.
    const auto name = UserName::parse(username);
    database_.write([&](db::Session& session) {
      recorder_.record(session, {.id = {}, .name = "", .address = origin.address},
                       {.action = "session.created",
                        .subject = name ? name->str() : "(no user name)",
                        .outcome = audit::Outcome::refused});
    });
    return pass_on(principal);
  }
  const auto& account = *principal->account;
  return database_.write([&](db::Session& session) {
    recorder_.record(session, actor_of(account, origin),
                     {.action = "session.created", .subject = account.username.str()});
    return SessionStart{account, sessions_.start(session, account, origin.address, origin.user_agent)};
  });
}

void AccountStore::sign_out(const SignedIn& signed_in, const Origin& origin) {
  const auto& account = *signed_in.principal.account;
  database_.write([&](db::Session& session) {
    sessions_.end(session, signed_in.session);
    recorder_.record(session, actor_of(account, origin),
                     {.action = "session.ended", .subject = account.username.str()});
  });
}

}  // namespace spectacles::accounts
