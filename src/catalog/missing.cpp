#include "catalog/missing.h"

#include <utility>

namespace spectacles::catalog {

ReadMissing read_missing(RegistryApi& api, const rows::DueManifest& due) {
  ReadMissing read{.of = due};
  if (due.config) {
    ManifestDetails details;
    details.kind = ManifestKind::image;
    details.parts = {*due.config};
    read.failure = add_config(api, due.repository.value(), details);
    read.configuration = std::move(details);
  } else {
    read_part(api, due.repository.value(), due.digest, read.manifests);
    read.failure = read.manifests.failure;
  }
  return read;
}

}  // namespace spectacles::catalog
