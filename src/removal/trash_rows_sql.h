// How entries of the trash are read.
#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "db/session.h"
#include "removal/trash.h"

namespace spectacles::removal {

inline constexpr std::string_view trash_columns =
    "SELECT e.id, e.registry_id, g.name, e.repository, e.namespace_id, e.digest, e.media_type, e.tags, e.size, "
    "e.state, "
    "e.reason, e.deleted_by, e.deleted_at FROM trash_entry e JOIN registry g ON g.id = e.registry_id";

using TrashRow = std::tuple<TrashId, RegistryId, Label, RepositoryPath, std::optional<NamespaceId>, Digest, std::string,
                            std::string, std::int64_t, std::string, std::string, std::string, Time>;

std::vector<TrashEntry> to_entries(const std::vector<TrashRow>& rows);

}  // namespace spectacles::removal
