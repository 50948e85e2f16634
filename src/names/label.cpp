#include "names/label.h"

#include "base/unicode.h"

namespace spectacles {

Result<Label> Label::parse(std::string_view text) {
  constexpr std::size_t max_length = 128;
  auto normal = to_nfc(text);
  if (!normal || normal->empty() || count_code_points(*normal) > max_length || has_unprintable(*normal) ||
      has_outer_space(*normal)) {
    return refuse(RefusalKind::invalid,
                  "a name has 1 to 128 characters, no control characters and no space at either end");
  }
  return Label(std::move(*normal));
}

}  // namespace spectacles
