// Which repositories somebody may see, as a condition on the namespace that decides on each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/decide.h"
#include "access/visible.h"
#include "accounts/account.h"
#include "names/ids.h"
#include "names/repository_path.h"

namespace spectacles::catalog {

// Administrators and auditors see all, others what they may pull. At one moment; cheap to make, not to be kept.
class Visible {
 public:
  Visible(const accounts::Principal& who, std::shared_ptr<const access::NamespaceMap> namespaces);

  bool everything() const { return everything_; }

  // On a column of ids of namespaces: what holds of all that is seen. "1 = 1" for who sees everything.
  std::string condition(std::string_view column) const;
  // The same, without the repositories that have to be decided on one by one.
  std::string condition_whole(std::string_view column) const;
  // Only these; nothing when there are none.
  std::optional<std::string> condition_single(std::string_view column) const;

  // Of a repository that fulfils condition(): whether it is seen.
  bool sees(const std::optional<NamespaceId>& ns, const RepositoryPath& name) const;

  // The same of any repository.
  bool shows(const std::optional<NamespaceId>& ns, const RepositoryPath& name) const;

  const access::Namespace* find_namespace(NamespaceId id) const { return namespaces_->find(id); }

 private:
  bool everything_;
  access::Subject subject_;
  std::shared_ptr<const access::NamespaceMap> namespaces_;
  // Both sorted: those seen as a whole, and those of which custom rights give or take single repositories.
  std::vector<NamespaceId> whole_;
  std::vector<NamespaceId> single_;
};

}  // namespace spectacles::catalog
