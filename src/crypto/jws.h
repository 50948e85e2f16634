// JSON Web Signatures (RFC 7515) in compact form.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/key.h"

namespace spectacles::crypto {

// base64url(header) "." base64url(payload) "." base64url(signature). `header` must carry the "alg" of `key`.
std::string jws_sign(const boost::json::object& header, std::string_view payload, const PrivateKey& key);

struct Jws {
  boost::json::object header;
  std::string payload;
};

// Takes a compact JWS apart and checks it against this one key: the algorithm is the key's, whatever the header says
// ("alg" must name it; "none", HS256, "jwk", "jku" and "crit" in the header never choose anything). RFC 8725.
Result<Jws> jws_verify(std::string_view compact, const PublicKey& key);

}  // namespace spectacles::crypto
