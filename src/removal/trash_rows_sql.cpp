#include "removal/trash_rows_sql.h"

#include <stdexcept>

namespace spectacles::removal {
namespace {

TrashState parse_state(std::string_view text) {
  for (const auto state :
       {TrashState::deleting, TrashState::kept, TrashState::unverified, TrashState::gone, TrashState::restored}) {
    if (render_trash_state(state) == text) return state;
  }
  throw std::runtime_error("the database holds a state of the trash that does not exist");
}

}  // namespace

std::vector<TrashEntry> to_entries(const std::vector<TrashRow>& rows) {
  std::vector<TrashEntry> entries;
  entries.reserve(rows.size());
  for (const auto& [id, registry, registry_name, repository, ns, digest, media_type, tags, size, state, reason, by,
                    at] : rows) {
    entries.push_back({.id = id,
                       .registry = registry,
                       .registry_name = registry_name,
                       .repository = repository,
                       .ns = ns,
                       .manifest = {digest, media_type},
                       .tags = parse_tags(tags),
                       .size = size,
                       .state = parse_state(state),
                       .reason = reason,
                       .deleted_by = by,
                       .deleted_at = at});
  }
  return entries;
}

}  // namespace spectacles::removal
