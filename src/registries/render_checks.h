// What a connection test found, as JSON.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "registries/check.h"

namespace spectacles::registries {

boost::json::array render_checks(const ConnectionTest& test);  // Check of api/openapi.yaml
boost::json::object render_test(const ConnectionTest& test);   // RegistryTest

}  // namespace spectacles::registries
