#pragma once

#include "access/decide.h"
#include "accounts/account.h"

namespace spectacles::access {

// What of a principal counts for rights.
inline Subject subject_of(const accounts::Principal& who) {
  return {.account = who.account ? std::optional(who.account->id) : std::nullopt,
          .administrator = who.is_administrator(),
          .groups = who.groups};
}

}  // namespace spectacles::access
