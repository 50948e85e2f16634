// The pictures that people have given themselves. They lie in the database, where every server finds them
// (docs/adr/0013-avatars-in-the-database.md).
#pragma once

#include <optional>
#include <string>

#include "accounts/account.h"
#include "accounts/avatar_image.h"
#include "audit/recorder.h"
#include "db/database.h"

namespace spectacles::accounts {

class AvatarStore {
 public:
  AvatarStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  // Which picture somebody has: another one has another revision. Nothing when he has none.
  std::optional<std::string> find_revision(AccountId id);

  // His picture as PNG; nothing when he has none. `size` is one of avatar_sizes.
  std::optional<std::string> find(AccountId id, int size);

  // Both record only what changes something. Refuses (not_found) an account that is gone.
  Result<void> replace(const Account& account, const AvatarImages& images, const audit::Actor& actor);
  void remove(const Account& account, const audit::Actor& actor);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::accounts
