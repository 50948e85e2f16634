#include "catalog/search.h"

#include <algorithm>

#include "base/ascii.h"

namespace spectacles::catalog {
namespace {

constexpr std::size_t most_bytes = 256;
constexpr std::size_t most_words = 8;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto* const begin = std::find_if_not(text.begin(), text.end(), is_space);
    const auto* const end = std::find_if(begin, text.end(), is_space);
    if (begin != end) words.emplace_back(begin, static_cast<std::size_t>(end - begin));
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  return words;
}

}  // namespace

Result<SearchWords> parse_search(std::string_view text) {
  if (text.size() > most_bytes) return refuse(RefusalKind::invalid, "q has at most 256 bytes", "q");
  const auto typed = split(text);
  if (typed.empty()) return refuse(RefusalKind::invalid, "q is missing: words of the names to look for", "q");
  if (typed.size() > most_words) return refuse(RefusalKind::invalid, "q has at most 8 words", "q");
  SearchWords search;
  for (auto word : typed) {
    // A ':' before a '/' belongs to the address of a registry.
    const auto colon = word.rfind(':');
    if (colon != std::string_view::npos && word.find('/', colon) == std::string_view::npos) {
      if (search.tag) return refuse(RefusalKind::invalid, "q names more than one tag", "q");
      search.tag = std::string(word.substr(colon + 1));
      word = word.substr(0, colon);
    }
    if (word.empty()) continue;
    search.words.push_back(to_lower(word));
    search.last = word;
  }
  return search;
}

}  // namespace spectacles::catalog
