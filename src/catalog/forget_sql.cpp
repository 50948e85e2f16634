#include "catalog/forget_sql.h"

namespace spectacles::catalog {

void forget_tags(db::Session& session, RegistryId registry, const RepositoryPath& repository,
                 const std::vector<TagName>& tags, const Digest& digest) {
  const auto found = session.find<RepositoryId>(
      "SELECT id FROM repository WHERE registry_id = :registry AND name = :name", registry, repository);
  if (!found) return;
  const auto id = std::get<0>(*found);
  for (const auto& tag : tags) {
    session.execute("DELETE FROM tag WHERE repository_id = :id AND name = :tag AND digest = :digest", id, tag, digest);
  }
  session.execute(
      "UPDATE repository SET tag_count = (SELECT count(*) FROM tag WHERE repository_id = :id) WHERE id = :id", id);
}

}  // namespace spectacles::catalog
