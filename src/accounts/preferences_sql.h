#pragma once

#include "accounts/account.h"
#include "accounts/preferences.h"
#include "audit/recorder.h"
#include "db/database.h"

namespace spectacles::accounts {

class PreferenceStore {
 public:
  PreferenceStore(db::Database& database, const audit::Recorder& recorder) : database_(database), recorder_(recorder) {}

  // What he chose, and the standard of the rest.
  Preferences load(AccountId id);

  // As they are now. Refuses (not_found) an account that is gone.
  Result<Preferences> change(const Account& account, const PreferenceChange& change, const audit::Actor& actor);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
};

}  // namespace spectacles::accounts
