// Tells webhooks what happened to the tags of a repository, whoever found it out: a notification, a pass, a deletion of
// ours. Each thing once: what changes the rows of tags tells, and a push that a pass has found is remembered for the
// notification that may bring it later. Functions take the session of the caller's transaction and throw db::Error.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "db/database.h"
#include "db/session.h"
#include "hooks/queue_sql.h"

namespace spectacles::catalog {

// A repository, with all that is told of it.
struct Place {
  RegistryId registry;
  RepositoryId id;
  RepositoryPath name;
  std::optional<NamespaceId> ns;
  std::optional<NamespaceName> ns_name;
  Label registry_name;
  RegistryHost registry_host;
  Time pushed_at;
};

std::optional<Place> find_place(db::Session& session, RegistryId registry, const RepositoryPath& name);
std::optional<Place> find_place(db::Session& session, RegistryId registry, RepositoryId id);

struct TagEvent {
  hooks::HookEvent event;
  Time at;
  std::optional<TagName> tag;
  std::optional<Digest> digest;
  std::string actor = {};  // "" for nobody who is known
};

void tell(db::Session& session, const Place& place, const TagEvent& event, Time now);

// That a pass has found this push; before the row of the tag changes. Not told: what the first pass over a registry
// finds, since it was there before, and what a notification has told since the tag last changed.
void tell_found_push(db::Session& session, const Place& place, const TagName& tag, const Digest& digest, Time now);

// Whether a pass has told of this push already, of which a notification says when it was. Says so once.
bool was_found(db::Session& session, const Place& place, const TagName& tag, const Digest& digest, Time at);

// Forgets what no notification brings any more; in a transaction of its own.
void forget_found(db::Database& database, Time now);

}  // namespace spectacles::catalog
