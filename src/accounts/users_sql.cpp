#include "accounts/users_sql.h"

#include <fmt/format.h>

#include "accounts/describe.h"
#include "accounts/password_rules.h"
#include "accounts/rows_sql.h"

namespace spectacles::accounts {
namespace {

tl::unexpected<Refusal> no_such_user() {
  return refuse(RefusalKind::not_found, "there is no such user");
}

UserView view(db::Session& session, const Account& account) {
  return {.account = account,
          .revision = audit::revision_of(describe(account)),
          .groups = rows::group_names_of(session, account.id)};
}

// Writers take turns, so nobody else is taking the other one's role at this moment.
Result<void> check_administrators_stay(db::Session& session, const Account& before, bool stays_administrator) {
  return accounts::check_administrators_stay(before, stays_administrator, rows::count_active_administrators(session));
}

Result<std::optional<Account>> find_heir(db::Session& session, const std::optional<UserName>& name,
                                         const Account& leaving) {
  if (!name) return std::nullopt;
  auto heir = rows::find_account(session, *name);
  if (const auto checked = check_heir(heir, *name, leaving); !checked) return spectacles::pass_on(checked);
  return heir;
}

}  // namespace

Result<Account> UserStore::create(const NewUser& user, const audit::Actor& actor) {
  if (const auto checked = check_password_of(user.password, user.username, user.email); !checked) {
    return spectacles::pass_on(checked);
  }
  const auto hash = hasher_.hash(user.password);
  try {
    return database_.write([&](db::Session& session) {
      const auto id = rows::insert_account(
          session, {.username = user.username, .email = user.email, .password_hash = hash, .role = user.role},
          clock_.now());
      auto account = rows::find_account(session, id).value();
      recorder_.record(session, actor,
                       {.action = "user.created", .subject = account.username.str(), .after = describe(account)});
      belongings_.set_up(session, account, actor);
      return account;
    });
  } catch (const db::UniqueViolation&) {
    return refuse(RefusalKind::conflict, fmt::format("there is a user {} already", user.username.str()), "username");
  }
}

std::optional<UserView> UserStore::find(AccountId id) {
  return database_.read([&](db::Session& session) -> std::optional<UserView> {
    const auto account = rows::find_account(session, id);
    if (!account) return std::nullopt;
    return view(session, *account);
  });
}

std::optional<Account> UserStore::find(const UserName& username) {
  return database_.read([&](db::Session& session) { return rows::find_account(session, username); });
}

Rows<Account> UserStore::list(const UserFilter& filter, const PageRequest& page) {
  return database_.read([&](db::Session& session) { return rows::list_accounts(session, filter, page); });
}

bool UserStore::may_choose(const Principal& who) {
  if (who.is_anonymous() || who.reads_everything()) return who.reads_everything();
  return database_.read([&](db::Session& session) { return rows::owns_namespace(session, who.account->id); });
}

Result<UserView> UserStore::change(AccountId id, const UserChange& change, const audit::ExpectedRevision& expected,
                                   const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<UserView> {
    const auto before = rows::find_account(session, id);
    if (!before) return no_such_user();
    const auto after = apply(*before, change);
    if (auto fits = audit::check_change(expected, describe(*before), describe(after)); !fits) {
      return spectacles::pass_on(fits);
    }
    if (after == *before) return view(session, *before);
    if (auto stays = check_administrators_stay(session, *before, is_active_administrator(after)); !stays) {
      return spectacles::pass_on(stays);
    }
    rows::update_account(session, after, clock_.now());
    recorder_.record(session, actor,
                     {.action = "user.changed",
                      .subject = after.username.str(),
                      .before = describe(*before),
                      .after = describe(after)});
    return view(session, after);
  });
}

Result<void> UserStore::verify_own(const Account& account, const std::string& stored, const Secret& current,
                                   const audit::Actor& actor) {
  const auto name = account.username.str();
  if (auto may_try = throttle_.begin(name, actor.address); !may_try) return may_try;
  if (hasher_.verify(current, stored)) {
    throttle_.succeeded(name, actor.address);
    return {};
  }
  database_.write([&](db::Session& session) {
    recorder_.record(
        session, actor,
        {.action = "user.password_changed", .subject = account.username.str(), .outcome = audit::Outcome::refused});
  });
  return refuse(RefusalKind::forbidden, "this is not the present password", "current_password");
}

Result<void> UserStore::change_password(AccountId id, const PasswordChange& change, const audit::Actor& actor) {
  const auto [account, stored] = database_.read([&](db::Session& session) {
    return std::pair(rows::find_account(session, id), rows::find_password_hash(session, id));
  });
  if (!account || !stored) return no_such_user();
  if (change.own) {
    if (auto verified = verify_own(*account, *stored, change.own->current, actor); !verified) return verified;
  }
  if (auto checked = check_password_of(change.password, account->username, account->email); !checked) return checked;
  const auto hash = hasher_.hash(change.password);
  return database_.write([&](db::Session& session) -> Result<void> {
    // What was verified above must still hold: of two changes at once the second one knows an old password.
    if (rows::find_password_hash(session, id) != stored) {
      return refuse(RefusalKind::conflict, "the password was changed a moment ago; try again");
    }
    rows::update_password_hash(session, id, hash, clock_.now(),
                               change.own ? std::optional(change.own->session) : std::nullopt);
    recorder_.record(session, actor, {.action = "user.password_changed", .subject = account->username.str()});
    return {};
  });
}

Result<void> UserStore::remove(AccountId id, const std::optional<UserName>& heir_name,
                               const audit::ExpectedRevision& expected, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto account = rows::find_account(session, id);
    if (!account) return no_such_user();
    if (auto fits = expected.check(audit::revision_of(describe(*account))); !fits) return fits;
    if (auto stays = check_administrators_stay(session, *account, false); !stays) return stays;
    const auto heir = find_heir(session, heir_name, *account);
    if (!heir) return spectacles::pass_on(heir);
    if (auto passed = belongings_.pass_on(session, *account, *heir, actor); !passed) return passed;
    rows::delete_account(session, id);
    recorder_.record(session, actor,
                     {.action = "user.deleted", .subject = account->username.str(), .before = describe(*account)});
    return {};
  });
}

}  // namespace spectacles::accounts
