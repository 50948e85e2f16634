// Manifests of a repository: rows in, rows out. Each function takes the session of the caller and throws db::Error.
//
// Rows of manifests belong to a registry, and a digest says nothing about rights: what is asked about here is found
// only if the repository itself leads to it.
#pragma once

#include <optional>

#include "catalog/manifest_view.h"
#include "catalog/repository.h"
#include "catalog/visible_sql.h"
#include "db/session.h"

namespace spectacles::catalog::rows {

// Whether a tag of the repository stands for `digest`, or for an index that leads to it.
bool holds_manifest(db::Session& session, const Repository& repository, const Digest& digest);

// `media_type` is what is said of a manifest that was not read yet; `tag` the one that is looked at, if one is.
ManifestView load_view(db::Session& session, const Visible& visible, const Repository& repository, const Digest& digest,
                       const std::string& media_type, const std::optional<TagName>& tag);

// Nothing when they have not been read.
std::optional<ManifestBytes> find_raw(db::Session& session, RegistryId registry, const Digest& digest);

}  // namespace spectacles::catalog::rows
