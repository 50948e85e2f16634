#include "names/natural_key.h"

#include <fmt/format.h>

#include <algorithm>

namespace spectacles {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

// Before each number stands how many digits it has, itself in digits: one for up to eight, else '9' and three more.
std::string natural_key(std::string_view name) {
  std::string key;
  key.reserve(name.size() + name.size() / 2 + 4);
  while (!name.empty()) {
    const auto* const end = std::find_if_not(name.begin(), name.end(), is_digit);
    auto digits = name.substr(0, static_cast<std::size_t>(end - name.begin()));
    if (digits.empty()) {
      key += name.front();
      name.remove_prefix(1);
      continue;
    }
    name.remove_prefix(digits.size());
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() <= 8) {
      key += static_cast<char>('0' + digits.size());
    } else {
      key += fmt::format("9{:03}", digits.size());
    }
    key += digits;
  }
  return key;
}

}  // namespace spectacles
