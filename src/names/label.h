#pragma once

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// A name that people give to a registry or a group: 1 to 128 Unicode characters, no control characters, no white space
// at either end; kept in Normalization Form C, so that what looks equal is equal.
class Label : public Parsed<Label> {
 public:
  static Result<Label> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
