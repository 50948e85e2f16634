#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/repository.h"
#include "db/session.h"

namespace spectacles::catalog {

// Takes tags out that were deleted at the registry just now, so that nobody has to wait for the next pass to see it:
// only those that were known to stand for `digest`, which are told to webhooks as deleted by `actor`. Throws db::Error.
void forget_tags(db::Session& session, RegistryId registry, const RepositoryPath& repository,
                 const std::vector<TagName>& tags, const Digest& digest, const std::string& actor, Time now);

}  // namespace spectacles::catalog
