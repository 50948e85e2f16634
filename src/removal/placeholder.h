// A manifest that stands for nothing: a tag that is moved to it can be deleted together with it, without the manifest
// that the tag stood for before. It is an index of no manifests, so that no blob has to be pushed for it.
#pragma once

#include "removal/references.h"

namespace spectacles::removal {

// Another one each time, so that no two tags share one.
KeptManifest make_placeholder();

}  // namespace spectacles::removal
