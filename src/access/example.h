// Names that are not known yet: what can be said about them.
#pragma once

#include <optional>

#include "access/visible.h"

namespace spectacles::access {

// Whether the pattern matches every name.
bool matches_everything(const Pattern& pattern);

// A copy that decides on every name as `ns` decides on those which no custom right is about but those for every name.
Namespace without_exceptions(const Namespace& ns);

// A repository on which `ns` decides and no custom right but those for every name has a say, as far as names go: to
// decide on with without_exceptions(). Nothing when the name of `ns` leaves no room for one.
std::optional<RepositoryPath> ordinary_example(const Namespace& ns);

// A repository that `pattern` matches and on which `ns` decides and not a namespace inside it; if that can be had, one
// that no more specific custom right matches. Nothing when none is found: then the pattern is about nothing.
std::optional<RepositoryPath> example_of(const Pattern& pattern, const Namespace& ns, const NamespaceMap& all);

}  // namespace spectacles::access
