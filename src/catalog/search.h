// What somebody types to find an image.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/repository.h"

namespace spectacles::catalog {

// "api worker", "team/api:v1", "localhost:5000/team/api:v1": words, all of which are wanted. A word may end with ':'
// and the beginning of a tag.
struct SearchWords {
  std::vector<std::string> words;  // parts of a repository's name, in lower case
  std::optional<std::string> tag;  // what stood behind the ':'
  std::string last;                // the last word as it was typed
};

// Refuses (invalid, "q") a text without a word, with too many, with two tags, and one that is too long.
Result<SearchWords> parse_search(std::string_view text);

// A repository, or one of its tags.
struct Hit {
  RepositoryId repository;
  RegistryId registry;
  Label registry_name;
  RegistryHost registry_host;
  RepositoryPath name;
  std::string natural_name;
  std::optional<NamespaceId> ns;
  std::optional<TagName> tag;
  std::optional<Digest> digest;  // of the tag
  std::int64_t size = 0;         // of the tag, or of the repository; so is the time
  Time pushed_at;
};

}  // namespace spectacles::catalog
