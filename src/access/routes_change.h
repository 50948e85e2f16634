// A change of a namespace as bodies of requests hold it.
#pragma once

#include <string>

#include "access/namespace_change.h"
#include "http/json.h"

namespace spectacles::access {

// What a creation and a change have in common. `fields` is finished here; `path` is that of the object in the body.
Result<NamespaceChange> read_namespace_change(http::Fields& fields, const std::string& path = {});

}  // namespace spectacles::access
