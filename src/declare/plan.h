// What has to change so that one world becomes another.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "declare/world.h"

namespace spectacles::declare {

enum class Verb { create, update, remove };
enum class Kind { registry, user, group, name_space };

using Object = std::variant<Registry, User, Group, Namespace>;  // in the order of Kind

struct Detail {
  std::string key;            // as in the file
  boost::json::value before;  // null where there is nothing
  boost::json::value after;
};

struct Change {
  std::optional<Object> before;  // nothing: it is created
  std::optional<Object> after;   // nothing: it is deleted

  Verb verb() const;
  Kind kind() const { return static_cast<Kind>(object().index()); }
  std::string name() const;  // "alice", "main/team"

  // What differs; for what is created or deleted all there is to say. A password shows as "changed", never itself.
  std::vector<Detail> details() const;

 private:
  const Object& object() const { return after ? *after : *before; }
};

struct Plan {
  std::vector<Change> changes;

  bool empty() const { return changes.empty(); }
};

// The changes in an order in which each can be made when those before it were.
Plan compare(const World& now, const World& wanted);

std::string_view render_kind(Kind kind);  // "registry", "user", "group", "namespace"

// For people: a line for each change and a last one that counts, each ended by a line end.
//   + user alice (role user)
//   ~ namespace main/team: other_access NONE -> READ, members +bob
//   - group old
//   1 to create, 1 to change, 1 to delete
std::string render_plan(const Plan& plan);

}  // namespace spectacles::declare
