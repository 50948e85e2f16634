// A world while it is being changed into the one that is wanted.
#pragma once

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

#include "declare/want.h"

namespace spectacles::declare {

// The names that will stand for something in the end, those of objects that could not be completed included: a
// reference to such an object is not one more error.
struct FinalNames {
  std::set<Label> registries;
  std::set<UserName> users;
  std::set<Label> groups;
};

struct Draft {
  World world;
  FinalNames names;
  Prune prune;
  Errors& errors;

  void error(Place place, std::string text) { errors.push_back({std::move(place), std::move(text)}); }

  // Reports a key that a new object cannot do without.
  void missing(const Place& object, std::string_view key, std::string_view why) {
    error({fmt::format("{}.{}", object.path, key), object.line}, fmt::format("is missing: {}", why));
  }
};

template <class T>
void take(T& target, const Maybe<T>& given) {
  if (given) target = given->value;
}

void want_namespaces(Draft& draft, const Section<NamespaceEntry>& section);

}  // namespace spectacles::declare
