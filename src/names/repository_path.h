#pragma once

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// The name of a repository as distribution knows it, without a host: components of [a-z0-9]+ joined by '.', '_', '__'
// or dashes, themselves joined by '/'; 1 to 255 characters in all.
// https://distribution.github.io/distribution/spec/api/ (Overview)
class RepositoryPath : public Parsed<RepositoryPath> {
 public:
  static Result<RepositoryPath> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

// Whether `text` has the form of a repository's name; what namespaces are made of, too.
bool is_repository_path(std::string_view text);

}  // namespace spectacles
