#include "accounts/describe.h"

#include <boost/json/array.hpp>

namespace spectacles::accounts {

boost::json::object describe(const Account& account) {
  boost::json::object state{
      {"username", account.username.str()}, {"role", render_role(account.role)}, {"disabled", account.disabled}};
  state["email"] = account.email ? boost::json::value(*account.email) : boost::json::value(nullptr);
  return state;
}

boost::json::object describe(const Group& group) {
  boost::json::array members;
  for (const auto& member : group.members) members.emplace_back(member.str());
  return {{"name", group.name.str()}, {"members", std::move(members)}};
}

}  // namespace spectacles::accounts
