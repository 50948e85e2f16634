// What administrators do with groups: each a transaction that holds its event too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/account.h"
#include "audit/recorder.h"
#include "audit/revision.h"
#include "base/page.h"
#include "db/database.h"

namespace spectacles::accounts {

// What is left out stays as it is; `members` is the whole list.
struct GroupChange {
  std::optional<Label> name = {};
  std::optional<std::vector<UserName>> members = {};
};

audit::Revision revision_of(const Group& group);

// Functions refuse (not_found) an id that does not exist, (stale) a revision that is not the expected one, (conflict,
// "name") a name that is taken, and (invalid, "members[i]") a member who does not exist.
class GroupStore {
 public:
  GroupStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  Result<Group> create(const Label& name, const std::vector<UserName>& members, const audit::Actor& actor);
  std::optional<Group> find(GroupId id);
  // Sorted by "name" (one part of key) or "created_at" (two).
  Rows<Group> list(const std::string& search, const PageRequest& page);

  Result<Group> change(GroupId id, const GroupChange& change, const audit::ExpectedRevision& expected,
                       const audit::Actor& actor);

  // Of one member: nothing happens when it is so already. Refuses (not_found) a user who does not exist.
  enum class Membership { member, none };
  Result<void> set_member(GroupId id, const UserName& user, Membership membership, const audit::Actor& actor);

  // With all rights that the group has.
  Result<void> remove(GroupId id, const audit::ExpectedRevision& expected, const audit::Actor& actor);

 private:
  // Writes `after` over `before` and records it, unless they are equal.
  void write(db::Session& session, const Group& before, const Group& after, const audit::Actor& actor);

  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::accounts
