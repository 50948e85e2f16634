// Configuration as code: what a file says there should be.
//
//   document   YAML to entries, each value with its line              (yaml_tree, fields)
//   world      the whole of what can be declared, by name             (stored: read from the database)
//   want       world + document -> the world that is wanted
//   plan       world + wanted world -> changes in the order in which they can be made
//   apply      all of it in one transaction; execute makes the changes
//   export     world -> YAML
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/level.h"
#include "accounts/account.h"
#include "base/secret.h"
#include "declare/fields.h"
#include "names/namespace_name.h"
#include "names/pattern.h"
#include "registries/registry.h"

namespace spectacles::declare {

struct RegistryEntry {
  Place place;
  Label name;
  Maybe<registries::RegistryUrl> url;
  Maybe<RegistryHost> public_host;
  Maybe<ServiceName> service;
  Maybe<registries::KeyMode> key_mode;
  Maybe<std::optional<std::string>> ca;  // PEM
  Maybe<std::optional<registries::Pin>> pin;
};

// A password to verify or hash (normalized), or an Argon2id hash that is taken as it is.
using Password = std::variant<Secret, std::string>;

struct UserEntry {
  Place place;
  UserName username;
  Maybe<std::optional<std::string>> email;
  Maybe<accounts::Role> role;
  Maybe<bool> disabled;
  Maybe<Password> password;
};

struct GroupEntry {
  Place place;
  Label name;
  std::optional<std::vector<Given<UserName>>> members;
};

// Who has a custom right: a user or a group.
using Holder = std::variant<UserName, Label>;

struct ClaimEntry {
  Place place;  // of the holder
  Holder holder;
  Pattern repository;
  access::Level access;
};

struct NamespaceEntry {
  Place place;
  Maybe<Label> registry;              // may be left out while there is one registry only
  std::optional<NamespaceName> name;  // nothing: what stands there is none, which is an error already
  Maybe<UserName> owner;
  Maybe<std::string> description;
  Maybe<access::Level> member_access;
  Maybe<access::Level> group_access;
  Maybe<access::Level> other_access;
  Maybe<access::Level> anonymous_access;
  std::optional<std::vector<Given<UserName>>> members;
  std::optional<std::vector<Given<Label>>> groups;
  std::optional<std::vector<ClaimEntry>> claims;
};

template <class Entry>
struct Section {
  Place place;
  std::vector<Entry> entries;  // no two of one name
};

struct Document {
  std::optional<Section<RegistryEntry>> registries;
  std::optional<Section<UserEntry>> users;
  std::optional<Section<GroupEntry>> groups;
  std::optional<Section<NamespaceEntry>> namespaces;  // two of one name may stand here: see want

  Errors errors;              // then no part of the document may be applied
  bool entries_lost = false;  // some entry has no name that could be read
};

// Reads YAML. Whatever is wrong is in `errors`; paths of files are relative to `directory`.
Document parse_document(std::string_view yaml, const std::filesystem::path& directory);

// Reads a file, or standard input for "-" (paths of files are then relative to the working directory). A file that
// cannot be read is an error of the document.
Document load(const std::string& path);

}  // namespace spectacles::declare
