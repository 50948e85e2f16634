// The rows of the trash. Each change of a state that people see is one transaction with its events.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/recorder.h"
#include "base/clock.h"
#include "db/database.h"
#include "registries/registry.h"
#include "removal/trash.h"
#include "removal/trash_list_sql.h"

namespace spectacles::removal {

// Where something is deleted, by whom and why.
struct Occasion {
  registries::Registry registry;
  RepositoryPath repository;
  std::optional<NamespaceId> ns;  // that decides on the repository
  audit::Actor actor;
  std::string reason;
};

// A tag that is being taken away by a placeholder; see placeholder.h.
struct PendingTag {
  std::int64_t id;
  RegistryId registry;
  RepositoryPath repository;
  TagName tag;
  Digest placeholder;
};

// May be used by several threads at once. All functions throw db::Error.
class TrashStore {
 public:
  TrashStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  // Keeps a manifest that is about to be deleted; `tree` ends with it, and holds what it leads to before it.
  TrashId begin(const Occasion& occasion, const std::vector<KeptManifest>& tree, const std::vector<TagName>& tags);
  // The registry has deleted these tags, and the manifest itself if `died`.
  void finish(const Occasion& occasion, TrashId id, const Resolved& manifest, const std::vector<TagName>& tags,
              bool died);
  // It has not.
  void forget(TrashId id);

  // As list_trash().
  Rows<TrashEntry> list(const accounts::Principal& who, const access::NamespaceMap& namespaces,
                        const TrashFilter& filter, const PageRequest& page);
  std::optional<TrashEntry> find(TrashId id);
  std::vector<KeptManifest> manifests(TrashId id);  // in the order in which they are pushed

  void mark_restored(const Occasion& occasion, TrashId id, const Resolved& manifest, const std::vector<TagName>& tags);
  void mark_gone(TrashId id);
  void mark_kept(TrashId id);

  // For the background, of one registry and at most `limit`: what has to be verified, and what was begun before that
  // time and is not finished, with none of its tags on the way out.
  std::vector<TrashEntry> unverified(RegistryId registry, std::size_t limit);
  std::vector<TrashEntry> abandoned(RegistryId registry, Time begun_before, std::size_t limit);
  // What is older than that time goes for good.
  std::int64_t purge(Time deleted_before);

  std::int64_t begin_tag(RegistryId registry, const RepositoryPath& repository, const TagName& tag,
                         const Digest& placeholder);
  void end_tag(std::int64_t id);
  std::vector<PendingTag> pending_tags(RegistryId registry, Time begun_before);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

// That a registry's garbage may have been collected; for the transaction in which its window ends.
void doubt_trash(db::Session& session, RegistryId registry, Time now);

}  // namespace spectacles::removal
