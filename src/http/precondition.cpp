#include "http/precondition.h"

#include <algorithm>

namespace spectacles::http {
namespace {

constexpr std::string_view blank = " \t";

bool is_etag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

void skip_blank(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
}

// Cuts one entity tag off the front and adds it to `tags` if it is a strong one; false when there is none.
bool take_tag(std::string_view& text, std::vector<std::string>& tags) {
  const bool weak = text.starts_with("W/");
  if (weak) text.remove_prefix(2);
  if (!text.starts_with('"')) return false;
  const auto end = text.find('"', 1);
  if (end == std::string_view::npos) return false;
  const auto opaque = text.substr(1, end - 1);
  if (!std::all_of(opaque.begin(), opaque.end(), is_etag_character)) return false;
  if (!weak) tags.emplace_back(opaque);
  text.remove_prefix(end + 1);
  return true;
}

// #entity-tag of RFC 9110, section 5.6.1: commas between them, and empty elements are let pass.
bool take_list(std::string_view text, std::vector<std::string>& tags) {
  skip_blank(text);
  while (!text.empty()) {
    if (text.front() != ',' && !take_tag(text, tags)) return false;
    skip_blank(text);
    if (text.empty()) return true;
    if (text.front() != ',') return false;
    text.remove_prefix(1);
    skip_blank(text);
  }
  return true;
}

}  // namespace

std::string render_etag(std::string_view opaque) {
  return "\"" + std::string(opaque) + "\"";
}

Result<std::optional<std::vector<std::string>>> parse_if_match(const Request& request) {
  std::optional<std::vector<std::string>> tags;
  for (const auto& [name, value] : request.headers) {
    if (name != "if-match") continue;
    if (value == "*") return std::nullopt;
    if (!tags) tags.emplace();
    if (!take_list(value, *tags)) {
      return refuse(RefusalKind::invalid, "If-Match holds entity tags in quotation marks, separated by commas, or *",
                    "If-Match");
    }
  }
  return tags;
}

bool is_known(const Request& request, std::string_view etag) {
  auto known = std::string_view();
  const auto header = request.header("if-none-match");
  if (header) known = *header;
  while (!known.empty()) {
    auto candidate = known.substr(0, known.find(','));
    known.remove_prefix(std::min(candidate.size() + 1, known.size()));
    skip_blank(candidate);
    candidate = candidate.substr(0, candidate.find_last_not_of(blank) + 1);
    if (candidate == "*") return true;
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    if (candidate == etag) return true;
  }
  return false;
}

}  // namespace spectacles::http
