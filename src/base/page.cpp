#include "base/page.h"

#include <fmt/format.h>

namespace spectacles {

std::string sortable(std::int64_t number) {
  // Counted from the lowest number there is, so that negative ones come first.
  return fmt::format("{:020}", static_cast<std::uint64_t>(number) + (std::uint64_t{1} << 63));
}

}  // namespace spectacles
