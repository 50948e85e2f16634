// Who may create a namespace.
#pragma once

#include <functional>
#include <optional>

#include "access/namespace.h"
#include "accounts/account.h"

namespace spectacles::access {

// Administrators anywhere, others inside `enclosing` (null: there is none) if they own it, and the one of their own
// name where `may_have_personal` says so, which is asked only then. Refuses (forbidden) others. `owner`: for whom it is
// made, if not for `who`.
Result<void> check_may_create(const accounts::Principal& who, const Namespace* enclosing, const NamespaceName& name,
                              const std::optional<UserName>& owner, const std::function<bool()>& may_have_personal);

tl::unexpected<Refusal> refuse_taken_namespace();  // conflict, "name"

}  // namespace spectacles::access
