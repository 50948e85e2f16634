// What a repository holds: tags and digests.
#pragma once

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// [A-Za-z0-9_][A-Za-z0-9._-]{0,127}: the OCI distribution specification, "Pulling manifests".
class TagName : public Parsed<TagName> {
 public:
  static Result<TagName> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

// sha256:<64 hex> or sha512:<128 hex>, lower case: the OCI image specification, "Digests".
class Digest : public Parsed<Digest> {
 public:
  static Result<Digest> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
