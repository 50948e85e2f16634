// Who may delete in a repository, and bring back.
#pragma once

#include "access/visible.h"
#include "accounts/account.h"

namespace spectacles::removal {

// nothing: the repository does not exist for him.
enum class Permission { nothing, sees, deletes };

// What `who` may do with a repository that `covering` decides on, whether or not its registry is paused at the moment.
Permission permission_of(const accounts::Principal& who, const access::Namespace* covering,
                         const RepositoryPath& repository);

}  // namespace spectacles::removal
