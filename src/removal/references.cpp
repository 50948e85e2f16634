#include "removal/references.h"

#include "catalog/manifest.h"

namespace spectacles::removal {
namespace {

// Layers that lie elsewhere by their very type; a registry need not have them.
bool is_foreign(std::string_view media_type) {
  return media_type.find(".foreign.") != std::string_view::npos ||
         media_type.find("nondistributable") != std::string_view::npos;
}

}  // namespace

References read_references(std::string_view bytes) {
  References references;
  for (auto& part : catalog::named_parts(bytes)) {
    if (part.role == catalog::PartRole::manifest) {
      references.manifests.push_back({part.digest, part.media_type});
    } else if (!is_foreign(part.media_type)) {
      references.blobs.push_back(part.digest);
      references.size += part.size;
    }
  }
  return references;
}

}  // namespace spectacles::removal
