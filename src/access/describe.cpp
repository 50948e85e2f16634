#include "access/describe.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

namespace spectacles::access {
namespace {

boost::json::array names_of(const auto& names) {
  boost::json::array array;
  for (const auto& name : names) array.emplace_back(name.str());
  return array;
}

}  // namespace

boost::json::object describe(const Namespace& ns, const std::vector<UserName>& members,
                             const std::vector<Label>& groups) {
  boost::json::array claims;
  for (const auto& claim : ns.claims) {
    const bool of_user = std::holds_alternative<AccountId>(claim.holder);
    claims.push_back(boost::json::object{{of_user ? "user" : "group", claim.holder_name},
                                         {"repository", claim.pattern.str()},
                                         {"access", render_level(claim.level)}});
  }
  return {{"owner", ns.owner_name.str()},
          {"description", ns.description},
          {"member_access", render_level(ns.member_access)},
          {"group_access", render_level(ns.group_access)},
          {"other_access", render_level(ns.other_access)},
          {"anonymous_access", render_level(ns.anonymous_access)},
          {"members", names_of(members)},
          {"groups", names_of(groups)},
          {"claims", std::move(claims)}};
}

std::string subject_line(const Label& registry, const NamespaceName& name) {
  return fmt::format("{}: {}", registry.str(), name.str());
}

tl::unexpected<Refusal> refuse_without_heir(const UserName& leaving, const std::vector<std::string>& namespaces) {
  constexpr std::size_t most = 10;
  std::string names;
  for (std::size_t i = 0; i < namespaces.size() && i < most; ++i) names += (i == 0 ? "" : ", ") + namespaces[i];
  if (namespaces.size() > most) names += fmt::format(" and {} more", namespaces.size() - most);
  return refuse(RefusalKind::conflict,
                fmt::format("{} owns namespaces: {}; say with transfer_to who gets them, or delete them first",
                            leaving.str(), names),
                "transfer_to");
}

}  // namespace spectacles::access
