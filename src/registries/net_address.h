// Network addresses, as far as it matters whether a registry may be there.
#pragma once

#include <string>

#include "registries/registry.h"

struct sockaddr;

namespace spectacles::registries {

// The host of an address without port and brackets.
std::string host_name(const RegistryUrl& url);

// Whether `host` (without brackets) is an IPv4 or IPv6 address.
bool is_ip_literal(const std::string& host);

// Addresses where never a registry is, but what hands secrets to whoever asks from this machine: link-local ones
// (169.254.0.0/16, fe80::/10: metadata services), "this host" (0.0.0.0/8, ::), multicast and broadcast; also when an
// IPv6 address wraps such an IPv4 one (::ffff:0:0/96 and 64:ff9b::/96).
bool is_forbidden(const sockaddr& address);
bool is_forbidden_literal(const std::string& host);

// localhost, 127.0.0.0/8, ::1, by the way they are written.
bool is_loopback_name(const std::string& host);

}  // namespace spectacles::registries
