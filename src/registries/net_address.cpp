#include "registries/net_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace spectacles::registries {
namespace {

using Ipv4 = std::array<unsigned char, 4>;
using Ipv6 = std::array<unsigned char, 16>;

bool is_forbidden(const Ipv4& ip) {
  const bool link_local = ip[0] == 169 && ip[1] == 254;
  const bool multicast_or_reserved = ip[0] >= 224;
  return link_local || multicast_or_reserved || ip[0] == 0;
}

bool is_forbidden(const Ipv6& ip) {
  static constexpr Ipv6 unspecified{};
  static constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291, 2.5.5.2
  static constexpr std::array<unsigned char, 12> nat64{0, 0x64, 0xff, 0x9b};                        // RFC 6052
  static constexpr Ipv6 metadata{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
  if (std::equal(mapped.begin(), mapped.end(), ip.begin()) || std::equal(nat64.begin(), nat64.end(), ip.begin())) {
    return is_forbidden(Ipv4{ip[12], ip[13], ip[14], ip[15]});
  }
  const bool link_local = ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
  return link_local || ip[0] == 0xff || ip == unspecified || ip == metadata;
}

}  // namespace

std::string host_name(const RegistryUrl& url) {
  const std::string host = url.host().str();
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_ip_literal(const std::string& host) {
  Ipv6 bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool is_forbidden(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    Ipv4 ip{};
    std::memcpy(ip.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, ip.size());
    return is_forbidden(ip);
  }
  if (address.sa_family == AF_INET6) {
    Ipv6 ip{};
    std::memcpy(ip.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, ip.size());
    return is_forbidden(ip);
  }
  return true;
}

bool is_forbidden_literal(const std::string& host) {
  Ipv4 ipv4{};
  if (inet_pton(AF_INET, host.c_str(), ipv4.data()) == 1) return is_forbidden(ipv4);
  Ipv6 ipv6{};
  return inet_pton(AF_INET6, host.c_str(), ipv6.data()) == 1 && is_forbidden(ipv6);
}

bool is_loopback_name(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         (is_ip_literal(host) && host.starts_with("127."));
}

}  // namespace spectacles::registries
