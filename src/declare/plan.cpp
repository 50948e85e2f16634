#include "declare/plan.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace spectacles::declare {
namespace {

namespace json = boost::json;

// All that an object is, but its name and its password, by the keys of the file; the same keys for each of a kind.
using Properties = std::vector<std::pair<std::string, json::value>>;

json::value nullable(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

template <class Name>
json::value list(const std::set<Name>& names) {
  json::array out;
  for (const Name& name : names) out.emplace_back(name.str());
  return out;
}

json::value list(const std::set<Claim>& claims) {
  json::array out;
  for (const Claim& claim : claims) {
    json::object row;
    if (const auto* user = std::get_if<UserName>(&claim.holder)) {
      row["user"] = user->str();
    } else {
      row["group"] = std::get<Label>(claim.holder).str();
    }
    row["repository"] = claim.repository.str();
    row["access"] = access::render_level(claim.access);
    out.push_back(std::move(row));
  }
  return out;
}

Properties properties(const Registry& registry) {
  const auto& pin = registry.address.pin;
  return {{"url", json::value(registry.address.url.str())},
          {"public", json::value(registry.public_host.str())},
          {"service", json::value(registry.service.str())},
          {"key_mode", json::value(registries::render_key_mode(registry.key_mode))},
          {"ca", nullable(registry.address.ca)},
          {"pin", pin ? json::value(pin->str()) : json::value(nullptr)}};
}

Properties properties(const User& user) {
  return {{"role", json::value(accounts::render_role(user.role))},
          {"email", nullable(user.email)},
          {"disabled", json::value(user.disabled)}};
}

Properties properties(const Group& group) {
  return {{"members", list(group.members)}};
}

Properties properties(const Namespace& ns) {
  return {{"owner", json::value(ns.owner.str())},
          {"description", json::value(ns.description)},
          {"member_access", json::value(access::render_level(ns.member_access))},
          {"group_access", json::value(access::render_level(ns.group_access))},
          {"other_access", json::value(access::render_level(ns.other_access))},
          {"anonymous_access", json::value(access::render_level(ns.anonymous_access))},
          {"members", list(ns.members)},
          {"groups", list(ns.groups)},
          {"claims", list(ns.claims)}};
}

Properties properties(const Object& object) {
  return std::visit([](const auto& it) { return properties(it); }, object);
}

bool password_changed(const Object& before, const Object& after) {
  const User* user = std::get_if<User>(&before);
  return user != nullptr && user->password_hash != std::get<User>(after).password_hash;
}

template <class Key, class T>
void add_removals(std::vector<Change>& out, const std::map<Key, T>& now, const std::map<Key, T>& wanted) {
  for (const auto& [key, object] : now) {
    if (!wanted.contains(key)) out.push_back({.before = object, .after = {}});
  }
}

template <class Key, class T>
void add_creations_and_updates(std::vector<Change>& out, const std::map<Key, T>& now, const std::map<Key, T>& wanted) {
  for (const auto& [key, object] : wanted) {
    const auto before = now.find(key);
    if (before == now.end()) {
      out.push_back({.before = {}, .after = object});
    } else if (!(before->second == object)) {
      out.push_back({.before = before->second, .after = object});
    }
  }
}

}  // namespace

Verb Change::verb() const {
  if (!before) return Verb::create;
  return after ? Verb::update : Verb::remove;
}

std::string Change::name() const {
  struct Name {
    std::string operator()(const Registry& it) const { return it.name.str(); }
    std::string operator()(const User& it) const { return it.username.str(); }
    std::string operator()(const Group& it) const { return it.name.str(); }
    std::string operator()(const Namespace& it) const { return render_name({it.registry, it.name}); }
  };
  return std::visit(Name{}, object());
}

std::vector<Detail> Change::details() const {
  std::vector<Detail> out;
  const Properties old_ones = before ? properties(*before) : Properties();
  const Properties new_ones = after ? properties(*after) : Properties();
  const Properties& keys = after ? new_ones : old_ones;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Detail detail{keys[i].first, before ? old_ones[i].second : nullptr, after ? new_ones[i].second : nullptr};
    if (detail.before != detail.after) out.push_back(std::move(detail));
  }
  if (before && after && password_changed(*before, *after)) out.push_back({"password", nullptr, "changed"});
  return out;
}

// Registries go before new ones come, so that a service can pass from one to the other; users go last, when every
// namespace of theirs has found its new owner.
Plan compare(const World& now, const World& wanted) {
  std::vector<Change> out;
  add_removals(out, now.namespaces, wanted.namespaces);
  add_removals(out, now.registries, wanted.registries);
  add_creations_and_updates(out, now.registries, wanted.registries);
  add_creations_and_updates(out, now.users, wanted.users);
  add_creations_and_updates(out, now.groups, wanted.groups);
  add_creations_and_updates(out, now.namespaces, wanted.namespaces);
  add_removals(out, now.groups, wanted.groups);
  add_removals(out, now.users, wanted.users);
  return {std::move(out)};
}

}  // namespace spectacles::declare
