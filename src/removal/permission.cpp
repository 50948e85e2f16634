#include "removal/permission.h"

#include "access/subject.h"

namespace spectacles::removal {

Permission permission_of(const accounts::Principal& who, const access::Namespace* covering,
                         const RepositoryPath& repository) {
  const auto granted = access::decide(access::subject_of(who), covering, repository, ActionSet::all()).granted;
  if (granted.has(Action::del)) return Permission::deletes;
  // Who may push may read back what he pushes, so it is no secret to him either.
  return who.reads_everything() || granted.has(Action::pull) ? Permission::sees : Permission::nothing;
}

}  // namespace spectacles::removal
