#include "accounts/common_passwords.h"

#include <algorithm>
#include <cstddef>

extern "C" {
extern const char spectacles_common_passwords[], spectacles_common_passwords_end[];
}

namespace spectacles::accounts {
namespace {

// One a line, sorted byte by byte.
std::string_view all() {
  return {spectacles_common_passwords,
          static_cast<std::size_t>(spectacles_common_passwords_end - spectacles_common_passwords)};
}

}  // namespace

bool is_common_password(std::string_view lower_case) {
  std::string_view rest = all();
  while (!rest.empty()) {
    // The line around the middle.
    const auto middle = rest.size() / 2;
    const auto before = rest.rfind('\n', middle == 0 ? 0 : middle - 1);
    const auto start = before == std::string_view::npos ? 0 : before + 1;
    const auto line = rest.substr(start, rest.find('\n', start) - start);
    if (line == lower_case) return true;
    rest = line < lower_case ? rest.substr(start + line.size() + 1) : rest.substr(0, start);
  }
  return false;
}

}  // namespace spectacles::accounts
