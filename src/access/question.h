// Questions about rights, as people ask them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/action.h"
#include "names/host.h"
#include "names/pattern.h"
#include "names/repository_path.h"
#include "names/user_name.h"

namespace spectacles::access {

// May this user do this here? `user` absent: nobody signed in.
struct Question {
  std::optional<std::string> registry;  // its name; may be left out while there is only one
  std::optional<UserName> user;
  std::string repository;  // with or without the registry's public host
  ActionSet requested;
};

// "pull", "push,delete" or "*". Refuses others.
Result<ActionSet> parse_actions(std::string_view text);

// A repository with the registry's public host before it or without. Refuses (invalid, "repository") others.
Result<RepositoryPath> parse_repository(std::string_view text, const RegistryHost& public_host);

// The same of a pattern for whole names: '*' stands for any characters, '/' too, '?' for one.
Result<Pattern> parse_repository_pattern(std::string_view text, const RegistryHost& public_host);
bool is_repository_pattern(std::string_view text);  // it has a '*' or a '?'

}  // namespace spectacles::access
