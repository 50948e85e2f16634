#pragma once

#include <compare>

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// Whether the whole of `text` is as `pattern` says: '*' stands for any characters, '?' for one, all others for
// themselves.
bool matches_wildcards(std::string_view pattern, std::string_view text);

// Which repositories of a namespace a custom right is about: '*' stands for any characters ('/' too), '?' for one
// character, all others for themselves. 1 to 255 characters of a repository's name, '*' and '?'.
class Pattern : public Parsed<Pattern> {
 public:
  static Result<Pattern> parse(std::string_view text);

  // Whether the whole of `rest` (a repository's name relative to the namespace) matches.
  bool matches(std::string_view rest) const;

  // Greater is more specific: more characters that stand for themselves, then fewer '*'.
  struct Specificity {
    int literals = 0;
    int fewer_stars = 0;
    auto operator<=>(const Specificity&) const = default;
  };
  Specificity specificity() const;

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
