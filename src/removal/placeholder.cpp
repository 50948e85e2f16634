#include "removal/placeholder.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace spectacles::removal {

KeptManifest make_placeholder() {
  constexpr std::string_view media_type = "application/vnd.oci.image.index.v1+json";
  const boost::json::object annotations{{"org.opencontainers.image.title", "a tag that Spectacles is about to delete"},
                                        {"org.opencontainers.image.ref.name", crypto::random_token()}};
  auto bytes = boost::json::serialize(boost::json::object{{"schemaVersion", 2},
                                                          {"mediaType", media_type},
                                                          {"manifests", boost::json::array{}},
                                                          {"annotations", annotations}});
  const auto digest = Digest::parse("sha256:" + to_hex(crypto::sha256(bytes))).value();
  return {.manifest = {digest, std::string(media_type)}, .bytes = std::move(bytes)};
}

}  // namespace spectacles::removal
