#include "catalog/forget_sql.h"

#include "catalog/tell_sql.h"

namespace spectacles::catalog {

void forget_tags(db::Session& session, RegistryId registry, const RepositoryPath& repository,
                 const std::vector<TagName>& tags, const Digest& digest, const std::string& actor, Time now) {
  const auto place = find_place(session, registry, repository);
  if (!place) return;
  const auto id = place->id;
  for (const auto& tag : tags) {
    if (session.execute("DELETE FROM tag WHERE repository_id = :id AND name = :tag AND digest = :digest", id, tag,
                        digest) == 0) {
      continue;
    }
    tell(session, *place, {.event = hooks::HookEvent::remove, .at = now, .tag = tag, .digest = digest, .actor = actor},
         now);
  }
  session.execute(
      "UPDATE repository SET tag_count = (SELECT count(*) FROM tag WHERE repository_id = :id) WHERE id = :id", id);
}

}  // namespace spectacles::catalog
