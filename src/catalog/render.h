// What is in the registries as JSON: the schemas of api/openapi.yaml.
#pragma once

#include <boost/json/fwd.hpp>

#include "catalog/manifest_view.h"
#include "catalog/repository.h"
#include "catalog/search.h"
#include "catalog/visible_sql.h"

namespace spectacles::catalog {

boost::json::object render(const Repository& repository, const Visible& visible);  // Repository
boost::json::object render(const Tag& tag);                                        // Tag
boost::json::object render(const Hit& hit, const Visible& visible);                // SearchHit
boost::json::object render(const ManifestView& details);                           // Manifest

}  // namespace spectacles::catalog
