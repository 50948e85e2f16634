// Which passwords somebody may choose (NIST SP 800-63B, section 5.1.1.2): long enough, and not one that is guessed
// first. No rules of composition.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "names/user_name.h"

namespace spectacles::accounts {

// Refuses what is shorter than 8 or longer than 256 characters of UTF-8 or holds NUL; what is among the commonest
// passwords, with or without capitals and with digits or signs around it; and short ones that only repeat or count.
// Returns it in Normalization Form C, whole.
Result<Secret> parse_new_password(const Secret& typed);

// Refuses (invalid, "password") one that is little more than the user's own name or e-mail address.
Result<void> check_password_of(const Secret& normalized, const UserName& username,
                               const std::optional<std::string>& email);

}  // namespace spectacles::accounts
