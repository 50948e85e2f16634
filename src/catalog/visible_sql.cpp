#include "catalog/visible_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/subject.h"

namespace spectacles::catalog {
namespace {

// Ids are numbers of the database itself; so many could not be bound.
std::string one_of(std::string_view column, const std::vector<NamespaceId>& first,
                   const std::vector<NamespaceId>& second = {}) {
  if (first.empty() && second.empty()) return "1 = 0";
  std::string condition(column);
  auto separator = " IN (";
  for (const auto* ids : {&first, &second}) {
    for (const auto id : *ids) {
      fmt::format_to(std::back_inserter(condition), "{}{}", separator, id.value());
      separator = ",";
    }
  }
  return condition + ")";
}

}  // namespace

Visible::Visible(const accounts::Principal& who, std::shared_ptr<const access::NamespaceMap> namespaces)
    : everything_(who.reads_everything()), subject_(access::subject_of(who)), namespaces_(std::move(namespaces)) {
  if (everything_) return;
  for (const auto& ns : namespaces_->all()) {
    switch (access::readable(subject_, ns)) {
      case access::Extent::everything:
        whole_.push_back(ns.id);
        break;
      case access::Extent::some:
        single_.push_back(ns.id);
        break;
      case access::Extent::nothing:
        break;
    }
  }
  std::sort(whole_.begin(), whole_.end());
  std::sort(single_.begin(), single_.end());
}

std::string Visible::condition(std::string_view column) const {
  return everything_ ? "1 = 1" : one_of(column, whole_, single_);
}

std::string Visible::condition_whole(std::string_view column) const {
  return everything_ ? "1 = 1" : one_of(column, whole_);
}

std::optional<std::string> Visible::condition_single(std::string_view column) const {
  if (single_.empty()) return std::nullopt;
  return one_of(column, single_);
}

bool Visible::sees(const std::optional<NamespaceId>& ns, const RepositoryPath& name) const {
  if (everything_) return true;
  if (!ns) return false;
  if (!std::binary_search(single_.begin(), single_.end(), *ns)) return true;
  const auto* deciding = namespaces_->find(*ns);
  return deciding->name.covers(name) && access::may_read(subject_, deciding, name);
}

bool Visible::shows(const std::optional<NamespaceId>& ns, const RepositoryPath& name) const {
  if (everything_) return true;
  if (!ns) return false;
  const bool may_be =
      std::binary_search(whole_.begin(), whole_.end(), *ns) || std::binary_search(single_.begin(), single_.end(), *ns);
  return may_be && sees(ns, name);
}

}  // namespace spectacles::catalog
