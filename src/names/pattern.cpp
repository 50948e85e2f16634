#include "names/pattern.h"

#include <algorithm>

namespace spectacles {
namespace {

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/*?").find(c) != std::string_view::npos;
}

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  constexpr std::size_t max_length = 255;
  if (text.empty() || text.size() > max_length || !std::all_of(text.begin(), text.end(), is_allowed)) {
    return refuse(
        RefusalKind::invalid,
        "a pattern has 1 to 255 characters of a repository's name (a-z, 0-9, '.', '_', '-', '/'), '*' and '?'");
  }
  return Pattern(std::string(text));
}

// Greedy with one point to come back to: linear for one '*', at worst length of the text times that of the pattern.
bool matches_wildcards(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool Pattern::matches(std::string_view rest) const {
  return matches_wildcards(str(), rest);
}

Pattern::Specificity Pattern::specificity() const {
  const auto stars = std::count(str().begin(), str().end(), '*');
  const auto questions = std::count(str().begin(), str().end(), '?');
  return {.literals = static_cast<int>(static_cast<std::ptrdiff_t>(str().size()) - stars - questions),
          .fewer_stars = -static_cast<int>(stars)};
}

}  // namespace spectacles
