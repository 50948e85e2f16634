// The trash a page at a time, as far as somebody may delete in its repositories.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/visible.h"
#include "accounts/account.h"
#include "base/page.h"
#include "db/session.h"
#include "removal/trash.h"

namespace spectacles::removal {

struct TrashFilter {
  std::optional<std::string> registry = {};  // its name
  std::optional<NamespaceId> ns = {};        // that decides on the repository
  std::string search = {};                   // a part of the repository's name, in any case
};

// What `order` sorts by: deleted_at, repository, size; the key of a row has two parts.
std::vector<std::string> key_of(const TrashEntry& entry, const Order& order);

// Those that `who` may see, with one more than the page if more follow, and how many there are in all. Throws
// db::Error.
Rows<TrashEntry> list_trash(db::Session& session, const accounts::Principal& who,
                            const access::NamespaceMap& namespaces, const TrashFilter& filter, const PageRequest& page);

}  // namespace spectacles::removal
