// What of the namespaces somebody gets to see in the console.
#pragma once

#include <optional>
#include <vector>

#include "access/decide.h"
#include "access/namespace.h"

namespace spectacles::access {

// Whether `subject` may do anything with any repository that `ns` could hold.
bool reaches(const Subject& subject, const Namespace& ns);

// All namespaces at one moment, to ask about many repositories.
class NamespaceMap {
 public:
  explicit NamespaceMap(std::vector<Namespace> all);

  const std::vector<Namespace>& all() const { return all_; }  // by registry, then by name

  // As rows::find_covering.
  const Namespace* find_covering(RegistryId registry, const RepositoryPath& path) const;

 private:
  const Namespace* find(RegistryId registry, std::string_view name) const;

  std::vector<Namespace> all_;
};

}  // namespace spectacles::access
