#include "crypto/jws.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>
#include <stdexcept>

#include "base/base64.h"

namespace spectacles::crypto {
namespace {

bool names_algorithm(const boost::json::object& header, const PublicKey& key) {
  const auto* alg = header.if_contains("alg");
  return alg != nullptr && alg->is_string() && alg->get_string() == render_algorithm(key.algorithm());
}

tl::unexpected<Refusal> refuse_jws(std::string text) {
  return refuse(RefusalKind::unauthenticated, std::move(text));
}

std::optional<boost::json::object> parse_header(std::string_view encoded) {
  const auto text = from_base64url(encoded);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  auto header = boost::json::parse(*text, error);
  if (error || !header.is_object()) return std::nullopt;
  return std::move(header.get_object());
}

}  // namespace

std::string jws_encode_header(const boost::json::object& header, const PrivateKey& key) {
  if (!names_algorithm(header, key.public_key())) {
    throw std::invalid_argument("the header of a JWS to sign does not name the algorithm of the key");
  }
  return to_base64url(boost::json::serialize(header));
}

std::string jws_sign(const boost::json::object& header, std::string_view payload, const PrivateKey& key) {
  return jws_sign_encoded(jws_encode_header(header, key), payload, key);
}

std::string jws_sign_encoded(std::string_view encoded_header, std::string_view payload, const PrivateKey& key) {
  constexpr std::size_t signature_room = 700;  // of the longest one in use, RSA with 4096 bits
  std::string compact;
  compact.reserve(encoded_header.size() + payload.size() * 4 / 3 + signature_room);
  compact += encoded_header;
  compact += '.';
  append_base64url(compact, payload);
  const std::string signature = key.sign(compact);
  compact += '.';
  append_base64url(compact, signature);
  return compact;
}

Result<Jws> jws_verify(std::string_view compact, const PublicKey& key) {
  const std::size_t first = compact.find('.');
  const std::size_t last = compact.rfind('.');
  if (first == last || compact.find('.', first + 1) != last)
    return refuse_jws("this is no signed token of three parts");

  auto header = parse_header(compact.substr(0, first));
  auto payload = from_base64url(compact.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(compact.substr(last + 1));
  if (!header || !payload || !signature) return refuse_jws("the signed token cannot be read");

  if (!names_algorithm(*header, key)) return refuse_jws("the token is not signed with the algorithm of this key");
  if (header->contains("crit")) return refuse_jws("the token asks for an extension that is not understood");
  if (!verify_signature(key, compact.substr(0, last), *signature)) {
    return refuse_jws("the signature of the token does not match");
  }
  return Jws{.header = std::move(*header), .payload = std::move(*payload)};
}

}  // namespace spectacles::crypto
