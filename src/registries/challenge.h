// The WWW-Authenticate header: who asks for which proof.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spectacles::registries {

struct Challenge {
  std::string scheme;                                           // in lower case: "bearer", "basic"
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, values unquoted

  // The value of a parameter, or nothing.
  const std::string* find(std::string_view name) const;

  bool operator==(const Challenge&) const = default;
};

// The challenges of one header field's value: RFC 9110, section 11.6.1. Refuses what does not follow its grammar, a
// parameter that a challenge has twice, and more than 8 KiB. A token68 is read over: no registry sends one.
Result<std::vector<Challenge>> parse_challenges(std::string_view value);

}  // namespace spectacles::registries
