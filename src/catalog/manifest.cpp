#include "catalog/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "base/base64.h"
#include "crypto/digest.h"
#include "registries/printable.h"

namespace spectacles::catalog {
namespace {

using boost::json::object;
using registries::printable;

constexpr std::array<std::string_view, 2> image_types{"application/vnd.oci.image.manifest.v1+json",
                                                      "application/vnd.docker.distribution.manifest.v2+json"};
constexpr std::array<std::string_view, 2> index_types{"application/vnd.oci.image.index.v1+json",
                                                      "application/vnd.docker.distribution.manifest.list.v2+json"};
constexpr std::array<std::string_view, 2> config_types{"application/vnd.oci.image.config.v1+json",
                                                       "application/vnd.docker.container.image.v1+json"};

template <class List>
bool holds(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// What is wrong with a manifest, on the way out of its reading.
struct Unreadable {
  std::string why;
};

std::optional<object> parse_object(std::string_view bytes) {
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = bounds::depth_of_json;
  auto value = boost::json::parse(bytes, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

const boost::json::value* find(const object& from, std::string_view member) {
  const auto* value = from.if_contains(member);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// A text that is shown; "" when there is none.
std::string text_of(const object& from, std::string_view member) {
  const auto* value = find(from, member);
  return value != nullptr && value->is_string() ? printable(value->get_string()) : "";
}

Digest digest_of(const object& from, std::string_view what) {
  const auto* value = find(from, "digest");
  if (value != nullptr && value->is_string()) {
    if (auto digest = Digest::parse(value->get_string())) return std::move(*digest);
  }
  throw Unreadable{fmt::format("{} has no digest", what)};
}

std::string platform_of(const object& from) {
  auto platform = text_of(from, "os");
  for (const auto* member : {"architecture", "variant"}) {
    if (const auto part = text_of(from, member); !part.empty()) platform += (platform.empty() ? "" : "/") + part;
  }
  return platform;
}

ManifestPart read_part(const boost::json::value& value, PartRole role) {
  const auto what = std::string("a descriptor of a ") + std::string(render(role));
  const auto* descriptor = value.if_object();
  if (descriptor == nullptr) throw Unreadable{what + " is no object"};
  const auto* size = find(*descriptor, "size");
  if (size == nullptr || !size->is_int64() || size->get_int64() < 0 || size->get_int64() > bounds::part_bytes) {
    throw Unreadable{what + " has no size that is possible"};
  }
  ManifestPart part{role, digest_of(*descriptor, what), text_of(*descriptor, "mediaType"), size->get_int64(), {}};
  const auto* platform = find(*descriptor, "platform");
  if (platform != nullptr && platform->is_object()) part.platform = platform_of(platform->get_object());
  return part;
}

// Adds what the descriptor names, if it names anything.
void name_part(const boost::json::value& value, PartRole role, std::vector<ManifestPart>& parts) {
  const auto* descriptor = value.if_object();
  const auto* text = descriptor == nullptr ? nullptr : find(*descriptor, "digest");
  if (text == nullptr || !text->is_string()) return;
  auto digest = Digest::parse(text->get_string());
  if (!digest) return;
  const auto* size = find(*descriptor, "size");
  const bool is_possible =
      size != nullptr && size->is_int64() && size->get_int64() >= 0 && size->get_int64() <= bounds::part_bytes;
  parts.push_back(
      {role, std::move(*digest), text_of(*descriptor, "mediaType"), is_possible ? size->get_int64() : 0, {}});
}

void read_parts(const object& manifest, std::string_view member, PartRole role, std::size_t most,
                std::vector<ManifestPart>& parts) {
  const auto* list = find(manifest, member);
  if (list == nullptr) return;
  if (!list->is_array()) throw Unreadable{fmt::format("its {} are no list", member)};
  if (list->get_array().size() > most) throw Unreadable{fmt::format("it has more than {} {}", most, member)};
  parts.reserve(parts.size() + list->get_array().size());
  for (const auto& part : list->get_array()) parts.push_back(read_part(part, role));
}

void read_image(const object& manifest, ManifestDetails& details) {
  const auto* config = find(manifest, "config");
  if (config == nullptr) throw Unreadable{"it has no configuration"};
  details.parts.push_back(read_part(*config, PartRole::config));
  const auto config_type = details.parts.front().media_type;
  details.artifact_type = text_of(manifest, "artifactType");
  const bool is_image = details.artifact_type.empty() && holds(config_types, config_type);
  if (!is_image && details.artifact_type.empty()) details.artifact_type = config_type;
  details.kind = is_image ? ManifestKind::image : ManifestKind::artifact;
  read_parts(manifest, "layers", PartRole::layer, bounds::layers, details.parts);
}

void read_index(const object& manifest, ManifestDetails& details) {
  if (find(manifest, "manifests") == nullptr) throw Unreadable{"it is an index without manifests"};
  details.kind = ManifestKind::index;
  details.artifact_type = text_of(manifest, "artifactType");
  read_parts(manifest, "manifests", PartRole::manifest, bounds::children, details.parts);
}

}  // namespace

std::string_view render(ManifestState state) {
  constexpr std::array<std::string_view, 3> names{"unread", "read", "unreadable"};
  return names.at(static_cast<std::size_t>(state));
}

std::string_view render(ManifestKind kind) {
  constexpr std::array<std::string_view, 3> names{"image", "index", "artifact"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view render(PartRole role) {
  constexpr std::array<std::string_view, 3> names{"config", "layer", "manifest"};
  return names.at(static_cast<std::size_t>(role));
}

const ManifestPart* ManifestDetails::config_part() const {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [](const ManifestPart& part) { return part.role == PartRole::config; });
  return found == parts.end() ? nullptr : &*found;
}

std::vector<Digest> ManifestDetails::children() const {
  std::set<Digest> named;
  for (const auto& part : parts) {
    if (part.role == PartRole::manifest) named.insert(part.digest);
  }
  return {named.begin(), named.end()};
}

ManifestDetails unreadable(std::string media_type, std::string problem, bool is_settled) {
  return {.media_type = std::move(media_type),
          .state = ManifestState::unreadable,
          .problem = std::move(problem),
          .is_settled = is_settled};
}

bool are_bytes_of(const Digest& digest, std::string_view bytes) {
  const auto& text = digest.str();
  const auto hash = text.starts_with("sha512:") ? crypto::sha512(bytes) : crypto::sha256(bytes);
  return text.substr(text.find(':') + 1) == to_hex(hash);
}

ManifestDetails read_manifest(std::string media_type, std::string bytes) {
  ManifestDetails details{.media_type = std::move(media_type)};
  const bool is_image = holds(image_types, details.media_type);
  if (!is_image && !holds(index_types, details.media_type)) {
    return unreadable(std::move(details.media_type), "manifests of this type are not known");
  }
  const auto manifest = parse_object(bytes);
  if (!manifest) return unreadable(std::move(details.media_type), "it is not the JSON of a manifest");
  try {
    is_image ? read_image(*manifest, details) : read_index(*manifest, details);
    if (const auto* subject = find(*manifest, "subject"); subject != nullptr && subject->is_object()) {
      details.subject = digest_of(subject->get_object(), "its subject");
    }
  } catch (const Unreadable& problem) {
    return unreadable(std::move(details.media_type), problem.why);
  }
  details.bytes = std::move(bytes);
  return details;
}

bool is_index(std::string_view media_type) {
  return holds(index_types, media_type);
}

std::vector<ManifestPart> named_parts(std::string_view bytes) {
  const auto manifest = parse_object(bytes);
  if (!manifest) return {};
  std::vector<ManifestPart> parts;
  if (const auto* config = find(*manifest, "config")) name_part(*config, PartRole::config, parts);
  for (const auto& [member, role] : {std::pair("layers", PartRole::layer), std::pair("blobs", PartRole::layer),
                                     std::pair("manifests", PartRole::manifest)}) {
    const auto* list = find(*manifest, member);
    if (list == nullptr || !list->is_array()) continue;
    for (const auto& part : list->get_array()) name_part(part, role, parts);
  }
  return parts;
}

bool has_image_config(const ManifestDetails& details) {
  return details.state == ManifestState::read && details.kind == ManifestKind::image;
}

void read_config(ManifestDetails& details, std::string bytes) {
  const auto config = parse_object(bytes);
  if (!config) {
    details.problem = "its configuration is not the JSON of one";
    return;
  }
  details.platform = platform_of(*config);
  if (const auto* created = find(*config, "created"); created != nullptr && created->is_string()) {
    details.created_at = parse_rfc3339(created->get_string());
  }
  details.config = std::move(bytes);
}

}  // namespace spectacles::catalog
