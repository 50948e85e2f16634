#include "http/forwarded.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/ascii.h"
#include "http/target.h"

namespace spectacles::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int mapped_bits = 96;
constexpr int address_bits = 128;

bool is_ipv4(const IpAddress& address) {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
}

std::optional<int> parse_prefix(std::string_view text, int most) {
  int bits = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits < 0 || bits > most) return std::nullopt;
  return bits;
}

// The values of all headers of that name, which may be lists, in the order in which proxies appended them.
std::vector<std::string_view> listed(const Request& request, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [header, list] : request.headers) {
    if (header != name) continue;
    std::string_view rest = list;
    for (;;) {
      const auto comma = rest.find(',');
      values.push_back(trim_blanks(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return values;
}

// An element of X-Forwarded-For: an address; some proxies write the port too: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::optional<IpAddress> parse_hop(std::string_view text) {
  if (text.starts_with('[')) return parse_address(text.substr(1, text.find(']') - 1));
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return parse_address(text);
}

bool is_request_id(std::string_view text) {
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + mapped_prefix.size()) == 1) return address;
  return std::nullopt;
}

std::string render_address(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN];
  if (is_ipv4(address)) return inet_ntop(AF_INET, address.data() + mapped_prefix.size(), text, sizeof text);
  return inet_ntop(AF_INET6, address.data(), text, sizeof text);
}

bool Network::contains(const IpAddress& other) const {
  const auto whole = static_cast<std::size_t>(prefix_bits / 8);
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), other.begin())) return false;
  const int rest = prefix_bits % 8;
  if (rest == 0) return true;
  const int mask = 0xff << (8 - rest) & 0xff;
  return (address[whole] & mask) == (other[whole] & mask);
}

Result<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) {
    return refuse(RefusalKind::invalid,
                  fmt::format("\"{}\" is neither an IP address nor a network such as 10.0.0.0/8 or fd00::/8", text));
  }
  if (slash == std::string_view::npos) return Network{*address, address_bits};
  const int offset = text.substr(0, slash).find(':') == std::string_view::npos ? mapped_bits : 0;
  const auto bits = parse_prefix(text.substr(slash + 1), address_bits - offset);
  if (!bits) {
    return refuse(RefusalKind::invalid,
                  fmt::format("\"{}\" is not a network: after '/' there must be a number from 0 to {}", text,
                              address_bits - offset));
  }
  return Network{*address, *bits + offset};
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const auto& text : networks) {
    const auto network = parse_network(text);
    if (!network) throw std::invalid_argument("trusted proxies: " + network.error().text);
    networks_.push_back(*network);
  }
}

bool TrustedProxies::trusts(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& one) { return one.contains(address); });
}

void TrustedProxies::apply(Request& request) const {
  if (networks_.empty()) return;
  auto client = parse_address(request.remote_address);
  if (!client || !trusts(*client)) return;

  const auto hops = listed(request, "x-forwarded-for");
  for (auto hop = hops.rbegin(); hop != hops.rend() && trusts(*client); ++hop) {
    const auto address = parse_hop(*hop);
    if (!address) break;
    client = address;
  }
  request.remote_address = render_address(*client);

  const auto schemes = listed(request, "x-forwarded-proto");
  if (!schemes.empty() && schemes.back() == "https") request.secure = true;
  if (!schemes.empty() && schemes.back() == "http") request.secure = false;

  const auto hosts = listed(request, "x-forwarded-host");
  if (!hosts.empty() && is_authority(hosts.back())) request.host = hosts.back();

  const auto id = request.header("x-request-id");
  if (id && is_request_id(*id)) request.id = *id;
}

}  // namespace spectacles::http
