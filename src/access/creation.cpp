#include "access/creation.h"

namespace spectacles::access {

Result<void> check_may_create(const accounts::Principal& who, const Namespace* enclosing, const NamespaceName& name,
                              const std::optional<UserName>& owner, const std::function<bool()>& may_have_personal) {
  if (who.is_administrator()) return {};
  if (enclosing != nullptr && enclosing->owner == who.account->id) return {};
  const auto& own_name = who.account->username;
  const bool is_personal = name.str() == own_name.str() && owner.value_or(own_name) == own_name;
  if (is_personal && may_have_personal()) return {};
  return refuse(RefusalKind::forbidden, "administrators create namespaces, and owners do inside their own namespaces");
}

tl::unexpected<Refusal> refuse_taken_namespace() {
  return refuse(RefusalKind::conflict, "the registry has a namespace of this name already", "name");
}

}  // namespace spectacles::access
