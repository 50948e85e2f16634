#include "catalog/link.h"

#include <algorithm>

#include "base/ascii.h"

namespace spectacles::catalog {
namespace {

tl::unexpected<Refusal> malformed() {
  return refuse(RefusalKind::invalid, "the registry sent a Link header that is malformed");
}

bool is_next(std::string_view parameters) {
  const auto folded = to_lower(parameters);
  return folded.find("rel=\"next\"") != std::string::npos || folded.find("rel=next") != std::string::npos;
}

bool is_uri_char(char c) {
  return c > 0x20 && c < 0x7f && std::string_view("<>\"{}|\\^`#").find(c) == std::string_view::npos;
}

}  // namespace

Result<std::optional<std::string>> parse_next_page(std::string_view link, const registries::RegistryUrl& origin,
                                                   std::string_view list_path) {
  constexpr std::size_t max_bytes = 4096;
  const auto open = link.find('<');
  const auto close = link.find('>');
  if (link.size() > max_bytes || open != 0 || close == std::string_view::npos) return malformed();
  if (!is_next(link.substr(close + 1))) return std::nullopt;

  auto target = link.substr(1, close - 1);
  if (to_lower(target.substr(0, origin.str().size())) == origin.str()) target.remove_prefix(origin.str().size());
  if (!std::all_of(target.begin(), target.end(), is_uri_char)) return malformed();
  if (target.starts_with('?')) return std::string(list_path).append(target);
  if (target.substr(0, target.find('?')) != list_path) {
    return refuse(RefusalKind::invalid, "the registry sent a Link header that leads away from the list");
  }
  return std::string(target);
}

}  // namespace spectacles::catalog
