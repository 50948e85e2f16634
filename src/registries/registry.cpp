#include "registries/registry.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "crypto/certificate.h"

namespace spectacles::registries {
namespace {

// Of host, host:port or [IPv6]:port.
bool has_possible_port(std::string_view host) {
  constexpr int max_port = 65535;
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return true;
  int port = 0;
  const auto digits = host.substr(colon + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port <= max_port;
}

std::string_view without_scheme(std::string_view url) {
  return url.substr(url.find("://") + 3);
}

}  // namespace

Result<RegistryUrl> RegistryUrl::parse(std::string_view text) {
  std::string folded = to_lower(text);
  if (folded.ends_with('/')) folded.pop_back();
  if (!folded.starts_with("http://") && !folded.starts_with("https://")) {
    return refuse(RefusalKind::invalid, "the address of a registry begins with http:// or https://");
  }
  const auto host = without_scheme(folded);
  if (!RegistryHost::parse(host) || !has_possible_port(host)) {
    return refuse(
        RefusalKind::invalid,
        "the address of a registry is http:// or https:// and host or host:port, without user, path or query");
  }
  return RegistryUrl(std::move(folded));
}

RegistryHost RegistryUrl::host() const {
  return RegistryHost::parse(without_scheme(str())).value();
}

Result<Pin> Pin::parse(std::string_view text) {
  constexpr std::size_t sha256_digits = 64;
  std::string digits = to_lower(text);
  std::erase(digits, ':');
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (digits.size() != sha256_digits || !std::all_of(digits.begin(), digits.end(), is_hex)) {
    return refuse(RefusalKind::invalid, "a pin is the SHA-256 of a certificate: 64 hexadecimal digits");
  }
  return Pin(std::move(digits));
}

std::string_view render_key_mode(KeyMode mode) {
  return mode == KeyMode::x5c ? "x5c" : "jwks";
}

Result<KeyMode> parse_key_mode(std::string_view text) {
  if (text == "x5c") return KeyMode::x5c;
  if (text == "jwks") return KeyMode::jwks;
  return refuse(RefusalKind::invalid, "the key mode is x5c or jwks");
}

Result<std::string> parse_ca(std::string_view pem) {
  constexpr std::size_t max_bytes = 256 * 1024;
  if (pem.size() > max_bytes) return refuse(RefusalKind::invalid, "a CA is at most 256 KiB of PEM");
  if (auto certificate = crypto::Certificate::parse_pem(pem); !certificate) return pass_on(certificate);
  return std::string(pem);
}

}  // namespace spectacles::registries
