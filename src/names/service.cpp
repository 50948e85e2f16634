#include "names/service.h"

#include "base/unicode.h"

namespace spectacles {

Result<ServiceName> ServiceName::parse(std::string_view text) {
  constexpr std::size_t max_length = 255;
  if (text.find('"') != std::string_view::npos) {
    return refuse(RefusalKind::invalid,
                  "the service name holds a quotation mark, which the registry would never match: in a compose list, "
                  "write REGISTRY_AUTH_TOKEN_SERVICE=Docker registry without quotes");
  }
  if (text.empty() || text.size() > max_length || !to_nfc(text) || has_unprintable(text) || has_outer_space(text)) {
    return refuse(RefusalKind::invalid,
                  "a service name has 1 to 255 bytes, no control characters and no space at either end");
  }
  return ServiceName(std::string(text));
}

}  // namespace spectacles
