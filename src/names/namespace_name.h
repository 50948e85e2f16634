#pragma once

#include "base/result.h"
#include "names/parsed.h"
#include "names/repository_path.h"

namespace spectacles {

// A namespace: "/" for the repositories whose names have one segment, or a path ("team", "team/tools") for those below
// it by whole segments.
class NamespaceName : public Parsed<NamespaceName> {
 public:
  static Result<NamespaceName> parse(std::string_view text);

  bool is_root() const { return str() == "/"; }

  // Whether `path` lies in it, as far as this name alone says: "team" covers team/x and team/a/b, not team or teams/x.
  bool covers(const RepositoryPath& path) const;

  // Whether `other` lies inside it: "team" encloses team/tools. "/" encloses nothing.
  bool encloses(const NamespaceName& other) const;

  // What patterns are matched against: the name of a covered repository without the namespace and its '/'.
  // A view into `covered`, which must outlive it.
  std::string_view rest_of(const RepositoryPath& covered) const;

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
