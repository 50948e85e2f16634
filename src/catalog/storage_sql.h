// What lies where: the bytes of namespaces.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "catalog/visible_sql.h"
#include "db/database.h"

namespace spectacles::catalog {

struct Stored {
  std::optional<NamespaceId> ns;  // nothing: on which no namespace decides
  std::int64_t repositories = 0;
  std::int64_t bytes = 0;  // a blob counts once in each repository
};

// Of what `visible` shows, the largest first.
std::vector<Stored> storage_by_namespace(db::Database& database, const Visible& visible);

}  // namespace spectacles::catalog
