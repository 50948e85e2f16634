// Tags of one repository: rows in, rows out. Each function takes the session of the caller and throws db::Error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/page.h"
#include "catalog/repository.h"
#include "db/session.h"

namespace spectacles::catalog {

// As that of repositories; always two parts.
std::vector<std::string> key_of(const Tag& tag, const Order& order);

namespace rows {

// Sorted by "name" (numbers in names by their value), "size", "pushed", "pulled" or "changed_at"; what is equal is
// sorted by name, in the same direction. `search` is a part of the name.
Rows<Tag> list_tags(db::Session& session, RepositoryId repository, const std::string& search, const PageRequest& page);

std::optional<Tag> find_tag(db::Session& session, RepositoryId repository, const TagName& name);

}  // namespace rows
}  // namespace spectacles::catalog
