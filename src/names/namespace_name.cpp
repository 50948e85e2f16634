#include "names/namespace_name.h"

namespace spectacles {
namespace {

bool lies_below(std::string_view path, std::string_view prefix) {
  return path.size() > prefix.size() + 1 && path.starts_with(prefix) && path[prefix.size()] == '/';
}

}  // namespace

Result<NamespaceName> NamespaceName::parse(std::string_view text) {
  if (text != "/" && !is_repository_path(text)) {
    return refuse(RefusalKind::invalid,
                  "a namespace is '/' or has components of a-z and 0-9 joined by '.', '_', '__' or '-', separated by "
                  "'/', and at most 255 characters");
  }
  return NamespaceName(std::string(text));
}

bool NamespaceName::covers(const RepositoryPath& path) const {
  if (is_root()) return path.str().find('/') == std::string::npos;
  return lies_below(path.str(), str());
}

bool NamespaceName::encloses(const NamespaceName& other) const {
  return !is_root() && lies_below(other.str(), str());
}

std::string_view NamespaceName::rest_of(const RepositoryPath& covered) const {
  const std::string_view path = covered.str();
  return is_root() ? path : path.substr(str().size() + 1);
}

}  // namespace spectacles
