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

}  // namespace spectacles::access
