#pragma once

#include "base/result.h"
#include "names/image.h"
#include "names/parsed.h"

namespace spectacles {

// Which tags a rule is about: '*' stands for any characters, '?' for one, all others for themselves. 1 to 128
// characters of a tag, '*' and '?'.
class TagPattern : public Parsed<TagPattern> {
 public:
  static Result<TagPattern> parse(std::string_view text);

  bool matches(const TagName& tag) const;

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
