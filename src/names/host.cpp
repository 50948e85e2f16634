#include "names/host.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace spectacles {
namespace {

char fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// RFC 1123, section 2.1.
bool is_dns_label(std::string_view text) {
  constexpr std::size_t max_length = 63;
  return !text.empty() && text.size() <= max_length && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

// IPv4 addresses are of this form, too.
bool is_dns_name(std::string_view text) {
  constexpr std::size_t max_length = 253;
  if (text.size() > max_length) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_dns_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_bracketed_ipv6(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']')) return false;
  const std::string inside(text.substr(1, text.size() - 2));
  in6_addr address{};
  return inside.find('\0') == std::string::npos && inet_pton(AF_INET6, inside.c_str(), &address) == 1;
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.starts_with('0') && error == std::errc{} && end == text.data() + text.size();
}

bool is_host_with_port(std::string_view text) {
  // The ':' of a port comes after the last one of an address in brackets.
  const std::size_t colon = text.ends_with(']') ? std::string_view::npos : text.rfind(':');
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return false;
  const std::string_view host = text.substr(0, colon);
  return is_dns_name(host) || is_bracketed_ipv6(host);
}

}  // namespace

Result<RegistryHost> RegistryHost::parse(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), fold);
  if (!is_host_with_port(folded)) {
    return refuse(RefusalKind::invalid, "a registry host is written host or host:port, without a scheme or path");
  }
  return RegistryHost(std::move(folded));
}

}  // namespace spectacles
