#include "catalog/redirect.h"

#include <algorithm>

#include "registries/net_address.h"

namespace spectacles::catalog {
namespace {

using registries::RegistryUrl;

tl::unexpected<Refusal> leads_astray() {
  return refuse(RefusalKind::invalid, "a blob is said to lie where this server does not go");
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<BlobPlace> parse_blob_location(std::string_view location, const RegistryUrl& registry) {
  constexpr std::size_t max_bytes = 8192;  // signed addresses are long
  if (location.size() > max_bytes ||
      !std::all_of(location.begin(), location.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
    return leads_astray();
  }
  location = location.substr(0, location.find('#'));
  if (location.starts_with('/') && !location.starts_with("//")) return BlobPlace{registry, std::string(location)};

  const auto scheme_end = location.find("://");
  if (scheme_end == std::string_view::npos) return leads_astray();
  const auto host_end = std::min(location.find_first_of("/?", scheme_end + 3), location.size());
  auto origin = RegistryUrl::parse(location.substr(0, host_end));
  if (!origin) return leads_astray();
  const bool is_here = registries::is_loopback_name(registries::host_name(*origin));
  if (is_here && !registries::is_loopback_name(registries::host_name(registry))) return leads_astray();
  std::string path(location.substr(host_end));
  if (!path.starts_with('/')) path.insert(0, "/");
  return BlobPlace{std::move(*origin), std::move(path)};
}

}  // namespace spectacles::catalog
