// The passwords that are guessed first: 10,000 of at least 8 characters out of those that leaks hold most often, by
// zxcvbn-ts's ranking, in lower case.
#pragma once

#include <string_view>

namespace spectacles::accounts {

// `lower_case` is compared as it is.
bool is_common_password(std::string_view lower_case);

}  // namespace spectacles::accounts
