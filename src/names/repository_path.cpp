#include "names/repository_path.h"

#include <algorithm>

namespace spectacles {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Cuts [a-z0-9]+ off the front; false when there is none.
bool skip_alphanumeric(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_alphanumeric);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  rest.remove_prefix(length);
  return length > 0;
}

// Cuts one separator off the front: '.', '_', '__' or any number of dashes.
bool skip_separator(std::string_view& rest) {
  std::size_t length = 0;
  if (rest.starts_with("__")) {
    length = 2;
  } else if (rest.starts_with('.') || rest.starts_with('_')) {
    length = 1;
  } else {
    length = std::min(rest.find_first_not_of('-'), rest.size());
  }
  rest.remove_prefix(length);
  return length > 0;
}

bool skip_component(std::string_view& rest) {
  if (!skip_alphanumeric(rest)) return false;
  while (!rest.empty() && rest.front() != '/') {
    if (!skip_separator(rest) || !skip_alphanumeric(rest)) return false;
  }
  return true;
}

}  // namespace

bool is_repository_path(std::string_view text) {
  constexpr std::size_t max_length = 255;
  if (text.size() > max_length) return false;
  while (skip_component(text)) {
    if (text.empty()) return true;
    text.remove_prefix(1);
  }
  return false;
}

Result<RepositoryPath> RepositoryPath::parse(std::string_view text) {
  if (!is_repository_path(text)) {
    return refuse(RefusalKind::invalid,
                  "a repository name has components of a-z and 0-9 joined by '.', '_', '__' or '-', separated by '/', "
                  "and at most 255 characters");
  }
  return RepositoryPath(std::string(text));
}

}  // namespace spectacles
