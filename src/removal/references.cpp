#include "removal/references.h"

#include <boost/json.hpp>

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::removal {
namespace {

constexpr std::int64_t most_bytes = std::int64_t{1} << 50;  // of a blob; what states more is not believed

// Layers that lie elsewhere by their very type; a registry need not have them.
bool is_foreign(std::string_view media_type) {
  return media_type.find(".foreign.") != std::string_view::npos ||
         media_type.find("nondistributable") != std::string_view::npos;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

void add_blob(const boost::json::value& value, References& references) {
  const auto* descriptor = value.if_object();
  if (descriptor == nullptr) return;
  const auto digest = Digest::parse(text_of(*descriptor, "digest"));
  if (!digest || is_foreign(text_of(*descriptor, "mediaType"))) return;
  references.blobs.push_back(*digest);
  const auto* size = descriptor->if_contains("size");
  if (size == nullptr || !size->is_int64()) return;
  const auto bytes = size->get_int64();
  if (bytes > 0 && bytes < most_bytes && references.size < most_bytes) references.size += bytes;
}

void add_manifest(const boost::json::value& value, References& references) {
  const auto* descriptor = value.if_object();
  if (descriptor == nullptr || references.manifests.size() >= most_parts) return;
  const auto digest = Digest::parse(text_of(*descriptor, "digest"));
  if (digest) references.manifests.push_back({*digest, text_of(*descriptor, "mediaType")});
}

template <class Add>
void for_each(const boost::json::object& manifest, std::string_view member, References& references, Add add) {
  const auto* list = manifest.if_contains(member);
  if (list == nullptr || !list->is_array()) return;
  for (const auto& value : list->get_array()) add(value, references);
}

}  // namespace

bool is_index(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.index.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.list.v2+json";
}

References read_references(std::string_view bytes) {
  References references;
  boost::json::error_code error;
  const auto value = boost::json::parse(bytes, error, {}, {.max_depth = 32});
  const auto* manifest = error ? nullptr : value.if_object();
  if (manifest == nullptr) return references;
  if (const auto* config = manifest->if_contains("config")) add_blob(*config, references);
  for_each(*manifest, "layers", references, add_blob);
  for_each(*manifest, "blobs", references, add_blob);
  for_each(*manifest, "manifests", references, add_manifest);
  return references;
}

bool are_bytes_of(const Digest& digest, std::string_view bytes) {
  return digest.str() == "sha256:" + to_hex(crypto::sha256(bytes));
}

}  // namespace spectacles::removal
