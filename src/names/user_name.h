#pragma once

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// Who signs in: [a-z0-9][a-z0-9._-]{0,63}, after ASCII capitals were folded to lower case. Nothing else is folded or
// cut off, so look-alikes and trailing spaces are refused rather than taken for somebody.
class UserName : public Parsed<UserName> {
 public:
  static Result<UserName> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
