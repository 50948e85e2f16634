// The world that a database holds.
#pragma once

#include <map>

#include "db/session.h"
#include "declare/world.h"
#include "names/ids.h"

namespace spectacles::declare {

struct Stored {
  World world;

  // Which rows the names stand for.
  std::map<Label, RegistryId> registry_ids;
  std::map<UserName, AccountId> account_ids;
  std::map<Label, GroupId> group_ids;
  std::map<NamespaceKey, NamespaceId> namespace_ids;
};

// Reads each table once. Throws db::Error.
Stored load_stored(db::Session& session);

}  // namespace spectacles::declare
