// Row ids, one type for each kind of thing.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/strong.h"

namespace spectacles {

using AccountId = Strong<std::int64_t, struct AccountTag>;
using GroupId = Strong<std::int64_t, struct GroupTag>;
using SessionId = Strong<std::int64_t, struct SessionTag>;
using RegistryId = Strong<std::int64_t, struct RegistryTag>;
using NamespaceId = Strong<std::int64_t, struct NamespaceTag>;
using RepositoryId = Strong<std::int64_t, struct RepositoryTag>;
using TrashId = Strong<std::int64_t, struct TrashTag>;

// An id as it stands in a path or query: decimal digits without sign or leading zero, at least 1. Nothing otherwise: to
// who asks, an id that cannot exist is an object that does not.
template <class Id>
std::optional<Id> parse_id(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.front() == '0' || error != std::errc{} || end != text.data() + text.size() || number < 1) {
    return std::nullopt;
  }
  return Id(number);
}

}  // namespace spectacles
