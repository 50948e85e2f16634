// What somebody can reach.
#pragma once

#include <optional>
#include <vector>

#include "access/decide.h"
#include "access/world.h"

namespace spectacles::access {

// A custom right that gives him something else than the namespace does otherwise, or that he has at all.
struct Exception {
  Pattern pattern;
  RepositoryPath example;  // a name that it matches: what is said here was decided on it
  Decision decision;
};

// What he has on the names that a namespace decides on, known or not.
struct Reach {
  Label registry;
  std::optional<NamespaceName> ns;  // nothing: names that no namespace covers
  Decision decision;                // on those that no custom right is about but those for every name
  std::vector<Exception> exceptions;
};

// Rows by registry and namespace. Whoever may not sign in is `subject` absent: he reaches nothing.
std::vector<Reach> reach_of(const World& world, const std::optional<Subject>& subject);

// What he has on a known repository.
struct ReachedRepository {
  Label registry;
  RepositoryPath repository;
  std::optional<NamespaceName> ns;
  Decision decision;  // on everything
};

// Those of `repositories` on which he may do anything.
std::vector<ReachedRepository> reached_repositories(const World& world, const std::optional<Subject>& subject,
                                                    const RegistryReference& registry,
                                                    const std::vector<RepositoryPath>& repositories);

}  // namespace spectacles::access
