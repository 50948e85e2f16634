// Everything that can be declared, complete, and by name: what a database holds, or should hold.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "access/level.h"
#include "accounts/account.h"
#include "declare/document.h"
#include "registries/registry.h"

namespace spectacles::declare {

struct Registry {
  Label name;
  registries::RegistryAddress address;
  RegistryHost public_host;
  ServiceName service;
  registries::KeyMode key_mode = registries::KeyMode::x5c;

  bool operator==(const Registry&) const = default;
};

struct User {
  UserName username;
  accounts::Role role = accounts::Role::user;
  std::optional<std::string> email = {};
  bool disabled = false;
  std::string password_hash = {};

  bool is_active_administrator() const { return role == accounts::Role::admin && !disabled; }
  bool operator==(const User&) const = default;
};

struct Group {
  Label name;
  std::set<UserName> members;

  bool operator==(const Group&) const = default;
};

struct Claim {
  Holder holder;
  Pattern repository;
  access::Level access;

  auto operator<=>(const Claim&) const = default;
};

struct Namespace {
  Label registry;
  NamespaceName name;
  UserName owner;
  std::string description = {};
  access::Level member_access = access::Level::none;
  access::Level group_access = access::Level::none;
  access::Level other_access = access::Level::none;
  access::Level anonymous_access = access::Level::none;
  std::set<UserName> members = {};
  std::set<Label> groups = {};
  std::set<Claim> claims = {};

  bool operator==(const Namespace&) const = default;
};

using NamespaceKey = std::pair<Label, NamespaceName>;  // registry, name

struct World {
  std::map<Label, Registry> registries;
  std::map<UserName, User> users;
  std::map<Label, Group> groups;
  std::map<NamespaceKey, Namespace> namespaces;

  bool operator==(const World&) const = default;
};

// A namespace as people read it: "main/team", and "main/" for the one called "/".
std::string render_name(const NamespaceKey& key);

}  // namespace spectacles::declare
