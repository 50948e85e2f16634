#include "catalog/manifest_view_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "catalog/shown.h"

namespace spectacles::catalog::rows {
namespace {

constexpr int deepest_index = 4;
constexpr std::int64_t most_parents = 1000;
constexpr std::int64_t most_parts = 5000;
constexpr std::size_t most_type_bytes = 255;

using ManifestId = std::int64_t;

std::string list_of(const std::vector<ManifestId>& ids) {
  return fmt::format("({})", fmt::join(ids, ","));
}

std::optional<std::string> shown_or_none(const std::optional<std::string>& text) {
  return text ? std::optional(shown(*text, most_type_bytes)) : std::nullopt;
}

std::optional<ManifestId> find_manifest(db::Session& session, RegistryId registry, const std::string& digest) {
  const auto found = session.find<ManifestId>(
      "SELECT id FROM manifest WHERE registry_id = :registry AND digest = :digest", registry, digest);
  return found ? std::optional(std::get<0>(*found)) : std::nullopt;
}

// What stands in the row of a manifest; its configuration as text.
struct Loaded {
  std::optional<ManifestId> id;
  std::optional<std::string> config;
};

Loaded load_row(db::Session& session, RegistryId registry, ManifestView& details) {
  const auto found =
      session.find<ManifestId, std::string, std::string, std::optional<std::string>, std::optional<std::string>,
                   std::optional<std::string>, std::optional<std::string>, std::optional<std::string>,
                   std::optional<std::int64_t>, std::optional<Time>, std::optional<std::string>>(
          "SELECT id, media_type, state, problem, kind, artifact_type, subject, platform, size, created_at, config "
          "FROM manifest WHERE registry_id = :registry AND digest = :digest",
          registry, details.digest);
  if (!found) {
    details.problem = "what it is has not been read yet";
    return {};
  }
  const auto& [id, media_type, state, problem, kind, artifact_type, subject, platform, size, created_at, config] =
      *found;
  details.media_type = media_type;
  details.state = state;
  if (problem) details.problem = shown(*problem);
  if (state == "unread") details.problem = "what it is has not been read yet";
  details.kind = kind;
  details.artifact_type = shown_or_none(artifact_type);
  details.subject = subject;
  details.platform = shown_or_none(platform);
  details.size = size;
  details.created_at = created_at;
  return {id, config};
}

void load_parts(db::Session& session, RegistryId registry, ManifestId id, ManifestView& details) {
  // What the registry said that it does not have was noted without a type.
  const auto rows = session.rows<std::string, std::string, std::string, std::int64_t, std::optional<std::string>,
                                 std::optional<std::string>>(
      "SELECT p.role, p.digest, p.media_type, p.size, p.platform, "
      "CASE WHEN m.state = 'unreadable' AND m.media_type = '' THEN NULL ELSE m.state END FROM manifest_part p "
      "LEFT JOIN manifest m ON m.registry_id = :registry AND m.digest = p.digest "
      "WHERE p.manifest_id = :id ORDER BY p.position LIMIT :most",
      registry, id, most_parts);
  for (const auto& [role, digest, media_type, size, platform, state] : rows) {
    Part part{.digest = shown(digest, most_type_bytes), .media_type = shown(media_type, most_type_bytes), .size = size};
    if (role == "layer") {
      details.layers.push_back(std::move(part));
    } else if (role == "manifest") {
      details.manifests.push_back(
          {.part = std::move(part), .platform = shown_or_none(platform), .state = state.value_or("missing")});
    }
  }
}

// Of the same digest, in the repository itself first.
void load_shared(db::Session& session, const Visible& visible, const Repository& repository, ManifestId id,
                 const std::optional<TagName>& tag, ManifestView& details) {
  const auto add = [&](RepositoryId where, const RepositoryPath& name, const TagName& other) {
    if (where == repository.id && other == tag) return;
    if (details.shared_with.size() == most_shared_tags) {
      details.more_shared = true;
    } else {
      details.shared_with.push_back({where, name, other});
    }
  };
  constexpr auto most = static_cast<std::int64_t>(most_shared_tags) + 2;
  for (const auto& [name] :
       session.rows<TagName>("SELECT name FROM tag WHERE manifest_id = :id AND repository_id = :repository "
                             "ORDER BY natural_name, name LIMIT :most",
                             id, repository.id, most)) {
    add(repository.id, repository.name, name);
  }
  // Those that have to be decided on one by one may hide others behind them: then a page of them is looked at.
  constexpr std::int64_t most_looked_at = 1000;
  const auto others = session.rows<RepositoryId, RepositoryPath, std::optional<NamespaceId>, TagName>(
      "SELECT r.id, r.name, r.namespace_id, t.name FROM tag t JOIN repository r ON r.id = t.repository_id "
      "WHERE t.manifest_id = :id AND r.id <> :repository AND " +
          visible.condition("r.namespace_id") + " ORDER BY r.natural_name, r.id, t.natural_name, t.name LIMIT :most",
      id, repository.id, most_looked_at);
  for (const auto& [where, name, ns, other] : others) {
    if (visible.sees(ns, name)) add(where, name, other);
  }
}

// Artifacts -------------------------------------------------------------------------------------------------------

struct Suffix {
  std::string_view suffix;
  std::string_view type;
};
// The tags of the referrers' fallback (https://github.com/opencontainers/distribution-spec, "Referrers Tag Schema") and
// of cosign: the digest with '-' for ':'.
constexpr std::array<Suffix, 4> suffixes{
    {{"", "referrers"}, {".sig", "signature"}, {".att", "attestation"}, {".sbom", "sbom"}}};

class Attachments {
 public:
  Attachments(db::Session& session, const Repository& repository, ManifestView& details)
      : session_(session), repository_(repository), details_(details) {}

  void load() {
    auto base = details_.digest.str();
    std::replace(base.begin(), base.end(), ':', '-');
    add_subjects();
    for (const auto& [suffix, type] : suffixes) add_tagged(base + std::string(suffix), type);
    std::stable_sort(details_.attached.begin(), details_.attached.end(),
                     [](const Attachment& left, const Attachment& right) { return left.type < right.type; });
    if (details_.attached.size() > most_attachments) details_.attached.resize(most_attachments);
  }

 private:
  void add(const std::string& digest, const std::string& media_type, const std::optional<std::string>& tag,
           const std::string& type, const std::optional<std::int64_t>& size, const std::optional<Time>& created_at) {
    if (!seen_.insert(digest).second) return;
    details_.attached.push_back({.digest = digest,
                                 .media_type = shown(media_type, most_type_bytes),
                                 .tag = tag,
                                 .type = shown(type, most_type_bytes),
                                 .size = size,
                                 .created_at = created_at});
  }

  void add_tagged(const std::string& tag, std::string_view type) {
    const auto found = session_.find<std::string, std::string, std::optional<ManifestId>, std::optional<std::string>,
                                     std::optional<std::int64_t>, std::optional<Time>>(
        "SELECT t.digest, t.media_type, m.id, m.artifact_type, m.size, m.created_at FROM tag t "
        "LEFT JOIN manifest m ON m.id = t.manifest_id WHERE t.repository_id = :repository AND t.name = :tag",
        repository_.id, tag);
    if (!found) return;
    const auto& [digest, media_type, id, artifact_type, size, created_at] = *found;
    add(digest, media_type, tag, artifact_type.value_or(std::string(type)), size, created_at);
    if (!id || type != "referrers") return;
    for (const auto& [part, part_type, part_artifact, part_size, part_created] :
         session_.rows<std::string, std::string, std::optional<std::string>, std::optional<std::int64_t>,
                       std::optional<Time>>(
             "SELECT p.digest, p.media_type, m.artifact_type, m.size, m.created_at FROM manifest_part p "
             "LEFT JOIN manifest m ON m.registry_id = :registry AND m.digest = p.digest "
             "WHERE p.manifest_id = :id AND p.role = 'manifest' ORDER BY p.position LIMIT :most",
             repository_.registry, *id, static_cast<std::int64_t>(most_attachments))) {
      add(part, part_type, std::nullopt, part_artifact.value_or("artifact"), part_size, part_created);
    }
  }

  // Those with a tag in this repository: others of the registry are no business of who sees only this one.
  void add_subjects() {
    for (const auto& [digest, media_type, artifact_type, size, created_at, tag] :
         session_.rows<std::string, std::string, std::optional<std::string>, std::optional<std::int64_t>,
                       std::optional<Time>, std::string>(
             "SELECT m.digest, m.media_type, m.artifact_type, m.size, m.created_at, t.name FROM manifest m "
             "CROSS JOIN tag t WHERE m.registry_id = :registry AND m.subject = :subject AND t.manifest_id = m.id "
             "AND +t.repository_id = :repository ORDER BY m.id, t.name LIMIT :most",
             repository_.registry, details_.digest, repository_.id, static_cast<std::int64_t>(most_attachments))) {
      add(digest, media_type, tag, artifact_type.value_or("artifact"), size, created_at);
    }
  }

  db::Session& session_;
  const Repository& repository_;
  ManifestView& details_;
  std::set<std::string> seen_;
};

}  // namespace

bool holds_manifest(db::Session& session, const Repository& repository, const Digest& digest) {
  const auto id = find_manifest(session, repository.registry, digest.str());
  if (!id) {
    return session.single<bool>(
        "SELECT EXISTS (SELECT 1 FROM tag WHERE repository_id = :repository AND digest = :digest)", repository.id,
        digest);
  }
  // Upwards, from an index to those that lead to it.
  std::vector<ManifestId> level{*id};
  std::set<ManifestId> seen{*id};
  for (int depth = 0; depth <= deepest_index && !level.empty(); ++depth) {
    const auto ids = list_of(level);
    if (session.single<bool>(
            "SELECT EXISTS (SELECT 1 FROM tag WHERE repository_id = :repository AND manifest_id IN " + ids + ")",
            repository.id)) {
      return true;
    }
    std::vector<ManifestId> above;
    for (const auto& [parent] : session.rows<ManifestId>(
             "SELECT DISTINCT p.manifest_id FROM manifest_part p JOIN manifest m ON m.id = p.manifest_id "
             "WHERE m.registry_id = :registry AND p.role = 'manifest' "
             "AND p.digest IN (SELECT digest FROM manifest WHERE id IN " +
                 ids + ") LIMIT :most",
             repository.registry, most_parents)) {
      if (seen.insert(parent).second) above.push_back(parent);
    }
    level = std::move(above);
  }
  return false;
}

ManifestView load_view(db::Session& session, const Visible& visible, const Repository& repository, const Digest& digest,
                       const std::string& media_type, const std::optional<TagName>& tag) {
  ManifestView details{.digest = digest, .media_type = media_type};
  const auto loaded = load_row(session, repository.registry, details);
  details.media_type = shown(details.media_type, most_type_bytes);
  if (loaded.id) {
    load_parts(session, repository.registry, *loaded.id, details);
    load_shared(session, visible, repository, *loaded.id, tag, details);
  }
  if (loaded.config) {
    details.config = parse_image_config(*loaded.config);
    if (!details.config) details.problem = "the image's configuration cannot be read";
  }
  Attachments(session, repository, details).load();
  return details;
}

std::optional<ManifestBytes> find_raw(db::Session& session, RegistryId registry, const Digest& digest) {
  const auto found = session.find<std::string, std::optional<std::string>>(
      "SELECT media_type, bytes FROM manifest WHERE registry_id = :registry AND digest = :digest", registry, digest);
  if (!found || !std::get<1>(*found)) return std::nullopt;
  return ManifestBytes{std::get<0>(*found), *std::get<1>(*found)};
}

}  // namespace spectacles::catalog::rows
