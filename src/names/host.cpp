#include "names/host.h"

#include <regex>

namespace spectacles {

Result<RegistryHost> RegistryHost::parse(std::string_view text) {
  static const std::regex form(
      R"(([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?)");
  constexpr std::size_t max_length = 260;
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (folded.size() > max_length || !std::regex_match(folded, form)) {
    return refuse(RefusalKind::invalid, "a registry host is written host or host:port, without a scheme or path");
  }
  return RegistryHost(std::move(folded));
}

}  // namespace spectacles
