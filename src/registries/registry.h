// A registry that sends its clients here for tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "names/host.h"
#include "names/ids.h"
#include "names/label.h"
#include "names/parsed.h"
#include "names/service.h"

namespace spectacles::registries {

// Where this server reaches a registry: "http://host[:port]" or "https://host[:port]", without user, path, query or
// fragment (one trailing '/' is dropped), host in lower case.
class RegistryUrl : public Parsed<RegistryUrl> {
 public:
  static Result<RegistryUrl> parse(std::string_view text);

  bool is_https() const { return str().starts_with("https:"); }
  // host[:port] as it stands in the address: what clients write unless told otherwise.
  RegistryHost host() const;

 private:
  using Parsed::Parsed;
};

// SHA-256 of a certificate's DER: 64 hexadecimal digits, kept in lower case; colons between the bytes are dropped.
class Pin : public Parsed<Pin> {
 public:
  static Result<Pin> parse(std::string_view text);

 private:
  using Parsed::Parsed;
};

// How a registry recognises the key of a token (the token's header): by its rootcertbundle, or by a JWKS file alone.
enum class KeyMode { x5c, jwks };

std::string_view render_key_mode(KeyMode mode);
Result<KeyMode> parse_key_mode(std::string_view text);

// How to reach a registry, and whom to believe that it is the one.
struct RegistryAddress {
  RegistryUrl url;
  std::optional<std::string> ca;  // PEM; instead of the system's authorities
  std::optional<Pin> pin;         // this very certificate; instead of any authority

  bool operator==(const RegistryAddress&) const = default;
};

struct Registry {
  RegistryId id;
  Label name;
  RegistryAddress address;
  RegistryHost public_host;  // host[:port] that clients write
  ServiceName service;       // what its challenge states: the audience of its tokens
  KeyMode key_mode = KeyMode::x5c;

  bool operator==(const Registry&) const = default;
};

// A certificate authority as PEM. Refuses what holds no certificate.
Result<std::string> parse_ca(std::string_view pem);

}  // namespace spectacles::registries
