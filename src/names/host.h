#pragma once

#include "base/result.h"
#include "names/parsed.h"

namespace spectacles {

// host[:port] as clients write it before a repository's name: a DNS name, an IPv4 address or an IPv6 address in
// brackets, in lower case; the port 1 to 65535 without leading zero.
class RegistryHost : public Parsed<RegistryHost> {
 public:
  static Result<RegistryHost> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

}  // namespace spectacles
