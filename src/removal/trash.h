// What was deleted and can be brought back, until the registry's garbage collection has taken its layers.
//
//   references   what a manifest leads to            plan      what a deletion takes with it
//   manifest_api asks the registry                   look      what it has in a repository now
//   remover      deletes, into the trash             restorer  brings back
//   trash_sql    rows of the trash                   placeholder  how distribution 2 loses one tag of several
//   retention    which tags a namespace keeps        retention_rules, retention_sql
//   gc_windows_sql  pauses of a registry             worker    does in the background what nobody waits for
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "names/ids.h"
#include "names/label.h"
#include "names/repository_path.h"
#include "removal/references.h"

namespace spectacles::removal {

// deleting: the registry has not said yet that it did. unverified: garbage may have been collected since. gone: its
// layers are.
enum class TrashState { deleting, kept, unverified, gone, restored };

std::string_view render_trash_state(TrashState state);

struct TrashEntry {
  TrashId id;
  RegistryId registry;
  Label registry_name;
  RepositoryPath repository;
  std::optional<NamespaceId> ns;  // that decides on the repository
  Resolved manifest;
  std::vector<TagName> tags;  // that stood for it when it was deleted
  std::int64_t size = 0;      // of what it leads to, as far as it was read
  TrashState state = TrashState::deleting;
  std::string reason;
  std::string deleted_by;
  Time deleted_at;

  bool operator==(const TrashEntry&) const = default;
};

// A JSON list of names, as `trash_entry.tags` has it.
std::string render_tags(const std::vector<TagName>& tags);
std::vector<TagName> parse_tags(std::string_view json);

}  // namespace spectacles::removal
