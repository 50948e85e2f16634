#pragma once

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// What a registry calls itself in its challenge, and what becomes the audience of its tokens: 1 to 255 bytes
// of UTF-8 without control characters or a space at either end, compared exactly. A quotation mark is refused: it comes
// from REGISTRY_AUTH_TOKEN_SERVICE="..." in a compose list, where the quotes become part of the value and the registry
// never accepts a token.
class ServiceName : public Parsed<ServiceName> {
 public:
  static Result<ServiceName> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
