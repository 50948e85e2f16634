// JSON Web Signatures (RFC 7515) in compact form.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/key.h"

namespace spectacles::crypto {

// base64url(header) "." base64url(payload) "." base64url(signature). `header` must carry the "alg" of `key`;
// throws std::invalid_argument otherwise.
std::string jws_sign(const boost::json::object& header, std::string_view payload, const PrivateKey& key);

// For who signs many with one header: the first part, made once (throws as jws_sign), and the rest.
std::string jws_encode_header(const boost::json::object& header, const PrivateKey& key);
std::string jws_sign_encoded(std::string_view encoded_header, std::string_view payload, const PrivateKey& key);

struct Jws {
  boost::json::object header;
  std::string payload;
};

// Takes a compact JWS apart and checks it against this one key: the algorithm is the key's, whatever the header says
// ("alg" must name it; "jwk", "jku" and "x5c" in the header choose nothing; "crit" is refused, as no extension is
// understood). RFC 8725. Every refusal is `unauthenticated`: what was sent proves nothing. Whether the claims in the
// payload hold is for the caller to ask.
Result<Jws> jws_verify(std::string_view compact, const PublicKey& key);

}  // namespace spectacles::crypto
