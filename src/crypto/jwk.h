// Names and forms of public keys.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "crypto/key.h"

namespace spectacles::crypto {

// The id under which distribution 2.x keeps a key of its rootcertbundle: SHA-256 of the SPKI, 30 bytes, base32, twelve
// groups of four joined by ':' (docker/libtrust).
std::string libtrust_id(const PublicKey& key);

// The JWK thumbprint of RFC 7638, base64url.
std::string rfc7638_id(const PublicKey& key);

// The key as a JWK of RFC 7517 with its public members only ({"crv","kty","x","y"} or {"e","kty","n"}).
boost::json::object to_jwk(const PublicKey& key);

}  // namespace spectacles::crypto
