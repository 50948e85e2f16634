// Reverse proxies in front of this server, and what they say of a request: X-Forwarded-For, -Proto and -Host,
// X-Request-Id. These headers count only when the peer is a trusted proxy, for anybody can send them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace spectacles::http {

// An IP address as 16 bytes: IPv4 in its IPv6-mapped form, ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2), so that a client
// is the same whether the socket was IPv4 or IPv6.
using IpAddress = std::array<std::uint8_t, 16>;

// Nothing when the text is neither an IPv4 nor an IPv6 address (without brackets, port, zone).
std::optional<IpAddress> parse_address(std::string_view text);
std::string render_address(const IpAddress& address);

struct Network {
  IpAddress address;
  int prefix_bits;  // 0 to 128

  bool contains(const IpAddress& other) const;
};

// "10.0.0.0/8", "fd00::/8", or an address, which is a network of one. Refuses (invalid) anything else, naming it.
Result<Network> parse_network(std::string_view text);

class TrustedProxies {
 public:
  // Throws std::invalid_argument, naming the text that is no address or network.
  explicit TrustedProxies(const std::vector<std::string>& networks);

  // Puts what trusted proxies say into remote_address, secure, host and id, which must hold what the
  // connection itself says. X-Forwarded-For is read from its end; the first address that is no trusted proxy is the
  // client. Of -Proto and -Host the last value counts, the one of the proxy nearest to here. Nonsense is ignored. An
  // X-Request-Id of 1 to 64 letters, digits, '.', '_' and '-' becomes the request's id, so that both logs tell of it.
  void apply(Request& request) const;

 private:
  bool trusts(const IpAddress& address) const;

  std::vector<Network> networks_;
};

}  // namespace spectacles::http
