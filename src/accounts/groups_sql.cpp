#include "accounts/groups_sql.h"

#include <fmt/format.h>

#include "accounts/describe.h"
#include "accounts/rows_sql.h"
#include "accounts/user_change.h"

namespace spectacles::accounts {
namespace {

tl::unexpected<Refusal> no_such_group() {
  return refuse(RefusalKind::not_found, "there is no such group");
}

// Refuses the first who does not exist.
Result<std::set<UserName>> check_members(db::Session& session, const std::vector<UserName>& members) {
  std::set<UserName> checked;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!rows::find_account(session, members[i])) {
      return refuse_unknown_user(members[i], fmt::format("members[{}]", i));
    }
    checked.insert(members[i]);
  }
  return checked;
}

std::set<AccountId> ids_of(db::Session& session, const std::set<UserName>& members) {
  std::set<AccountId> ids;
  for (const auto& member : members) ids.insert(rows::find_account(session, member).value().id);
  return ids;
}

}  // namespace

audit::Revision revision_of(const Group& group) {
  return audit::revision_of(describe(group));
}

Result<Group> GroupStore::create(const Label& name, const std::vector<UserName>& members, const audit::Actor& actor) {
  try {
    return database_.write([&](db::Session& session) -> Result<Group> {
      const auto checked = check_members(session, members);
      if (!checked) return pass_on(checked);
      const auto id = rows::insert_group(session, name, clock_.now());
      rows::replace_members(session, id, ids_of(session, *checked));
      auto group = rows::find_group(session, id).value();
      recorder_.record(session, actor, {.action = "group.created", .subject = name.str(), .after = describe(group)});
      return group;
    });
  } catch (const db::UniqueViolation&) {
    return refuse_taken_group(name);
  }
}

std::optional<Group> GroupStore::find(GroupId id) {
  return database_.read([&](db::Session& session) { return rows::find_group(session, id); });
}

Rows<Group> GroupStore::list(const std::string& search, const PageRequest& page) {
  return database_.read([&](db::Session& session) { return rows::list_groups(session, search, page); });
}

void GroupStore::write(db::Session& session, const Group& before, const Group& after, const audit::Actor& actor) {
  if (describe(before) == describe(after)) return;
  if (before.name != after.name) rows::rename_group(session, after.id, after.name);
  if (before.members != after.members) rows::replace_members(session, after.id, ids_of(session, after.members));
  recorder_.record(
      session, actor,
      {.action = "group.changed", .subject = after.name.str(), .before = describe(before), .after = describe(after)});
}

Result<Group> GroupStore::change(GroupId id, const GroupChange& change, const audit::ExpectedRevision& expected,
                                 const audit::Actor& actor) {
  try {
    return database_.write([&](db::Session& session) -> Result<Group> {
      const auto before = rows::find_group(session, id);
      if (!before) return no_such_group();
      auto after = *before;
      if (change.name) after.name = *change.name;
      if (change.members) {
        const auto members = check_members(session, *change.members);
        if (!members) return pass_on(members);
        after.members = *members;
      }
      if (auto fits = audit::check_change(expected, describe(*before), describe(after)); !fits) return pass_on(fits);
      write(session, *before, after, actor);
      return after;
    });
  } catch (const db::UniqueViolation&) {
    return refuse_taken_group(*change.name);
  }
}

Result<void> GroupStore::set_member(GroupId id, const UserName& user, Membership membership,
                                    const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto before = rows::find_group(session, id);
    if (!before) return no_such_group();
    if (!rows::find_account(session, user)) {
      return refuse(RefusalKind::not_found, fmt::format("there is no user {}", user.str()));
    }
    auto after = *before;
    if (membership == Membership::member) {
      after.members.insert(user);
    } else {
      after.members.erase(user);
    }
    write(session, *before, after, actor);
    return {};
  });
}

Result<void> GroupStore::remove(GroupId id, const audit::ExpectedRevision& expected, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto group = rows::find_group(session, id);
    if (!group) return no_such_group();
    if (auto fits = expected.check(revision_of(*group)); !fits) return fits;
    rows::delete_group(session, id);
    recorder_.record(session, actor,
                     {.action = "group.deleted", .subject = group->name.str(), .before = describe(*group)});
    return {};
  });
}

}  // namespace spectacles::accounts
