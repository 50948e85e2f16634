// What of the namespaces somebody gets to see in the console.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "access/decide.h"
#include "access/namespace.h"

namespace spectacles::access {

// How much of what `ns` could hold: where it is some, decide() says of each repository whether it is among them.
enum class Extent { nothing, some, everything };

// What `subject` may read: pull, alone or together with a push. Who may push may read back what he pushes.
Extent readable(const Subject& subject, const Namespace& ns);
// How much of it `subject` may delete in.
Extent deletable(const Subject& subject, const Namespace& ns);
bool may_read(const Subject& subject, const Namespace* covering, const RepositoryPath& path);

// Whether `subject` may do anything with any repository that `ns` could hold.
inline bool reaches(const Subject& subject, const Namespace& ns) {
  return readable(subject, ns) != Extent::nothing;  // there is no right that reads nothing
}

// All namespaces at one moment, to ask about many repositories.
class NamespaceMap {
 public:
  explicit NamespaceMap(std::vector<Namespace> all);

  const std::vector<Namespace>& all() const { return all_; }  // by registry, then by name

  // As rows::find_covering.
  const Namespace* find_covering(RegistryId registry, const RepositoryPath& path) const;
  const Namespace* find(NamespaceId id) const;

 private:
  const Namespace* find(RegistryId registry, std::string_view name) const;

  std::vector<Namespace> all_;
  std::unordered_map<NamespaceId, std::size_t> by_id_;  // where in all_
};

}  // namespace spectacles::access
