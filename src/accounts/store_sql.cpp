#include "accounts/store_sql.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "accounts/rows_sql.h"
#include "db/like.h"

namespace spectacles::accounts {
namespace {

boost::json::object describe(const Account& account) {
  boost::json::object state{{"username", account.username.str()}, {"role", render_role(account.role)}};
  state["email"] = account.email ? boost::json::value(*account.email) : boost::json::value(nullptr);
  return state;
}

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
                           const audit::Recorder& recorder, const Clock& clock, bool registration_enabled)
    : database_(database),
      hasher_(hasher),
      sessions_(sessions),
      recorder_(recorder),
      clock_(clock),
      registration_enabled_(registration_enabled),
      authenticator_(database, hasher) {}

Registration AccountStore::registration() {
  return database_.read([&](db::Session& session) { return registration_of(session, registration_enabled_); });
}

Result<SessionStart> AccountStore::register_user(const NewUser& user, const Origin& origin) {
  // Asked before the costly hash and again where it counts, inside the transaction that makes the account.
  if (registration() == Registration::closed) return refuse_closed();
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
      return SessionStart{account, sessions_.start(session, account, origin.address, origin.user_agent)};
    });
  } catch (const db::UniqueViolation&) {
    return refuse_taken(user.username);
  }
}

Result<SessionStart> AccountStore::sign_in(std::string_view username, const Secret& password, const Origin& origin) {
  const auto principal = authenticator_.authenticate(username, password);
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

Result<Account> AccountStore::create_user(const NewUser& user, const audit::Actor& actor) {
  const auto hash = hasher_.hash(user.password);
  try {
    return database_.write([&](db::Session& session) {
      const auto id = rows::insert_account(
          session, {.username = user.username, .email = user.email, .password_hash = hash, .role = user.role},
          clock_.now());
      auto account = rows::find_account(session, id).value();
      recorder_.record(session, actor,
                       {.action = "user.created", .subject = account.username.str(), .after = describe(account)});
      return account;
    });
  } catch (const db::UniqueViolation&) {
    return refuse_taken(user.username);
  }
}

bool AccountStore::may_choose(const Principal& who) {
  if (who.is_anonymous() || who.reads_everything()) return who.reads_everything();
  return database_.read([&](db::Session& session) { return rows::owns_namespace(session, who.account->id); });
}

std::optional<Account> AccountStore::find_user(AccountId id) {
  return database_.read([&](db::Session& session) { return rows::find_account(session, id); });
}

Rows<Account> AccountStore::list_users(const std::string& search, const std::string& after, std::size_t limit) {
  return database_.read([&](db::Session& session) {
    return Rows<Account>{rows::search_accounts(session, db::containing(search), after, limit + 1),
                         rows::count_accounts(session, db::containing(search))};
  });
}

Result<Group> AccountStore::create_group(const Label& name, const std::vector<UserName>& members,
                                         const audit::Actor& actor) {
  try {
    return database_.write([&](db::Session& session) -> Result<Group> {
      std::set<AccountId> ids;
      for (std::size_t i = 0; i < members.size(); ++i) {
        const auto account = rows::find_account(session, members[i]);
        if (!account) {
          return refuse(RefusalKind::invalid, fmt::format("there is no user {}", members[i].str()),
                        fmt::format("members[{}]", i));
        }
        ids.insert(account->id);
      }
      const auto id = rows::insert_group(session, name, clock_.now());
      rows::replace_members(session, id, ids);
      auto group = rows::find_group(session, id).value();
      boost::json::array names;
      for (const auto& member : group.members) names.emplace_back(member.str());
      recorder_.record(session, actor,
                       {.action = "group.created",
                        .subject = name.str(),
                        .after = boost::json::object{{"name", name.str()}, {"members", std::move(names)}}});
      return group;
    });
  } catch (const db::UniqueViolation&) {
    return refuse(RefusalKind::conflict, fmt::format("there is a group {} already", name.str()), "name");
  }
}

std::optional<Group> AccountStore::find_group(GroupId id) {
  return database_.read([&](db::Session& session) { return rows::find_group(session, id); });
}

Rows<Group> AccountStore::list_groups(const std::string& search, const std::string& after, std::size_t limit) {
  return database_.read([&](db::Session& session) {
    return Rows<Group>{rows::search_groups(session, db::containing(search), after, limit + 1),
                       rows::count_groups(session, db::containing(search))};
  });
}

}  // namespace spectacles::accounts
