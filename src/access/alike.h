// Names divided into those that no custom right of a namespace tells apart: one decision answers for all of them.
#pragma once

#include <cstdint>
#include <vector>

#include "access/namespace.h"
#include "names/repository_path.h"

namespace spectacles::access {

// `names` are numbers of `paths`, all covered by each of `deciding`; each class in the order of `names`, classes in
// that of their first.
std::vector<std::vector<std::uint32_t>> divide_names(const std::vector<std::uint32_t>& names,
                                                     const std::vector<RepositoryPath>& paths,
                                                     const std::vector<const Namespace*>& deciding);

}  // namespace spectacles::access
