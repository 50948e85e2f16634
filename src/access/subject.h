// What of a principal counts for rights.
#pragma once

#include "access/visible.h"
#include "accounts/account.h"

namespace spectacles::access {

inline Subject subject_of(const accounts::Principal& who) {
  return {.account = who.account ? std::optional(who.account->id) : std::nullopt,
          .administrator = who.is_administrator(),
          .groups = who.groups};
}

// Whether `who` may change the namespace.
inline bool manages(const accounts::Principal& who, const Namespace& ns) {
  return who.is_administrator() || (who.account && who.account->id == ns.owner);
}

// Whether it exists for `who`.
inline bool sees(const accounts::Principal& who, const Namespace& ns) {
  return who.reads_everything() || reaches(subject_of(who), ns);
}

// Refuses (not_found) a namespace that does not exist for `who` (null: for nobody), and (forbidden) to who sees it and
// may not change it.
inline Result<void> check_manageable(const accounts::Principal& who, const Namespace* ns) {
  if (ns == nullptr || !sees(who, *ns)) return refuse(RefusalKind::not_found, "there is no such namespace");
  if (manages(who, *ns)) return {};
  return refuse(RefusalKind::forbidden, "only the owner of the namespace and administrators may do this");
}

}  // namespace spectacles::access
