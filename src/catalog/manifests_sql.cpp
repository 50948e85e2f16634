#include "catalog/manifests_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace spectacles::catalog::rows {
namespace {

constexpr std::size_t parts_a_statement = 12;
constexpr std::size_t digests_a_statement = 100;

template <class T>
std::optional<T> unless_empty(const T& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// What a pull transfers at most; an index says only how long its manifests are.
std::int64_t size_of(const ManifestDetails& details) {
  std::map<Digest, std::int64_t> blobs;
  for (const auto& part : details.parts) blobs[part.digest] = std::max(blobs[part.digest], part.size);
  auto size = static_cast<std::int64_t>(details.bytes.size());
  for (const auto& [digest, bytes] : blobs) size += bytes;
  return size;
}

void insert_parts(db::Session& session, ManifestId manifest, const std::vector<ManifestPart>& parts) {
  for (std::size_t first = 0; first < parts.size(); first += parts_a_statement) {
    const auto last = std::min(first + parts_a_statement, parts.size());
    std::string sql =
        "INSERT INTO manifest_part (manifest_id, position, role, digest, media_type, size, platform) VALUES ";
    std::vector<db::Value> values{db::to_value(manifest)};
    values.reserve(1 + 6 * (last - first));
    for (auto at = first; at < last; ++at) {
      const auto& part = parts[at];
      sql += fmt::format("{}(:manifest, :at{}, :role{}, :digest{}, :type{}, :size{}, :platform{})",
                         at == first ? "" : ", ", at, at, at, at, at, at);
      for (auto& value :
           {db::to_value(static_cast<std::int64_t>(at)), db::to_value(render(part.role)), db::to_value(part.digest),
            db::to_value(part.media_type), db::to_value(part.size), db::to_value(unless_empty(part.platform))}) {
        values.push_back(value);
      }
    }
    session.execute_with(sql, std::move(values));
  }
}

// Nothing: there is nothing to ask for.
std::optional<Time> due_at(const ManifestDetails& details, std::int64_t tries, Time now) {
  constexpr std::chrono::minutes longest = std::chrono::hours(24);
  if (details.wants == ManifestWants::nothing) return std::nullopt;
  if (details.problem.empty()) return now;  // nobody has said that it is not there
  return now + std::min(longest, std::chrono::minutes(1) * (std::int64_t{1} << std::min<std::int64_t>(tries, 20)));
}

std::int64_t tries_after(const ManifestDetails& details, std::int64_t tries) {
  return details.wants == ManifestWants::nothing ? 0 : tries + (details.problem.empty() ? 0 : 1);
}

// Sums up what the manifests that `roots` selects lead to. A manifest counts with its own length, a blob with the
// largest size that is stated of it. UNION drops what was reached already, so circles end.
std::string measured(std::string_view roots) {
  return fmt::format(
      "WITH RECURSIVE reached (id) AS ({} UNION SELECT c.id FROM reached "
      "JOIN manifest_part p ON p.manifest_id = reached.id AND p.role = 'manifest' "
      "JOIN manifest c ON c.registry_id = :registry AND c.digest = p.digest) "
      "SELECT coalesce(sum(sizes.size), 0) FROM ("
      "SELECT p.digest AS digest, max(p.size) AS size FROM reached "
      "JOIN manifest_part p ON p.manifest_id = reached.id WHERE p.role <> 'manifest' GROUP BY p.digest "
      "UNION ALL SELECT m.digest AS digest, coalesce(m.length, 0) AS size FROM reached "
      "JOIN manifest m ON m.id = reached.id) sizes",
      roots);
}

// Nothing leads to it: what is only tagged in words ("sha256-...") is led to by its tag's index.
constexpr std::string_view is_orphan =
    "m.registry_id = :registry AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id) "
    "AND NOT EXISTS (SELECT 1 FROM manifest_part p JOIN manifest above ON above.id = p.manifest_id "
    "WHERE p.digest = m.digest AND p.role = 'manifest' AND above.registry_id = m.registry_id) "
    "AND NOT EXISTS (SELECT 1 FROM manifest about WHERE about.registry_id = m.registry_id AND about.digest = "
    "m.subject)";

}  // namespace

std::map<Digest, StoredManifest> find_manifests(db::Session& session, RegistryId registry,
                                                const std::vector<Digest>& digests) {
  std::map<Digest, StoredManifest> found;
  for (std::size_t first = 0; first < digests.size(); first += digests_a_statement) {
    const auto last = std::min(first + digests_a_statement, digests.size());
    std::string names;
    std::vector<db::Value> values{db::to_value(registry)};
    values.reserve(1 + last - first);
    for (auto at = first; at < last; ++at) {
      names += fmt::format("{}:d{}", at == first ? "" : ", ", at - first);
      values.push_back(db::to_value(digests[at]));
    }
    for (const auto& [id, digest, state, read_at, size, tries] :
         session
             .rows_of<ManifestId, Digest, std::string, std::optional<Time>, std::optional<std::int64_t>, std::int64_t>(
                 "SELECT id, digest, state, read_at, size, tries FROM manifest WHERE registry_id = :registry "
                 "AND digest IN (" +
                     names + ")",
                 std::move(values))) {
      const bool is_settled = state != render(ManifestState::unread) && read_at.has_value();
      found.emplace(digest, StoredManifest{id, is_settled, size.value_or(0), tries});
    }
  }
  return found;
}

std::vector<Digest> unsettled(db::Session& session, RegistryId registry, const std::vector<Digest>& digests) {
  const auto stored = find_manifests(session, registry, digests);
  std::vector<Digest> unsettled;
  unsettled.reserve(digests.size());
  for (const auto& digest : digests) {
    const auto known = stored.find(digest);
    if (known == stored.end() || !known->second.is_settled) unsettled.push_back(digest);
  }
  return unsettled;
}

ManifestId insert_unread_manifest(db::Session& session, RegistryId registry, const Digest& digest,
                                  const std::string& media_type, Time now) {
  return ManifestId(
      session.insert("INSERT INTO manifest (registry_id, digest, media_type, first_seen_at) "
                     "VALUES (:registry, :digest, :type, :now)",
                     registry, digest, media_type, now));
}

StoredManifest write_manifest(db::Session& session, RegistryId registry, const Digest& digest,
                              const ManifestDetails& details, const StoredManifest* known, Time now) {
  const bool is_read = details.state == ManifestState::read;
  const auto size = is_read ? size_of(details) : 0;
  const auto layers = std::count_if(details.parts.begin(), details.parts.end(),
                                    [](const ManifestPart& part) { return part.role == PartRole::layer; });
  const auto when_read = [is_read](auto value) { return is_read ? std::optional(value) : std::nullopt; };
  const auto kind = details.kind ? std::optional(std::string(render(*details.kind))) : std::nullopt;
  const auto read_at = details.is_settled ? std::optional(now) : std::nullopt;
  const auto tries = known == nullptr ? 0 : known->tries;
  const auto write = [&](auto&& run, std::string_view sql, const auto&... where) {
    return run(sql, details.media_type, render(details.state), unless_empty(details.problem), kind,
               unless_empty(details.artifact_type), details.subject, unless_empty(details.platform), details.created_at,
               when_read(size), when_read(static_cast<std::int64_t>(details.bytes.size())),
               when_read(static_cast<std::int64_t>(layers)), when_read(details.bytes), unless_empty(details.config),
               read_at, due_at(details, tries, now), tries_after(details, tries), where...);
  };
  if (known == nullptr) {
    const ManifestId id(write(
        [&](const auto&... values) { return session.insert(values...); },
        "INSERT INTO manifest (media_type, state, problem, kind, artifact_type, subject, platform, created_at, size, "
        "length, layers, bytes, config, read_at, due_at, tries, registry_id, digest, first_seen_at) VALUES (:type, "
        ":state, :problem, :kind, :artifact, :subject, :platform, :created, :size, :length, :layers, :bytes, :config, "
        ":read, :due, :tries, :registry, :digest, :now)",
        registry, digest, now));
    insert_parts(session, id, details.parts);
    return {id, details.is_settled, size};
  }
  write([&](const auto&... values) { return session.execute(values...); },
        "UPDATE manifest SET media_type = :type, state = :state, problem = :problem, kind = :kind, "
        "artifact_type = :artifact, subject = :subject, platform = :platform, created_at = :created, size = :size, "
        "length = :length, layers = :layers, bytes = :bytes, config = :config, read_at = :read, due_at = :due, "
        "tries = :tries WHERE id = :id",
        known->id);
  session.execute("DELETE FROM manifest_part WHERE manifest_id = :id", known->id);
  insert_parts(session, known->id, details.parts);
  return {known->id, details.is_settled, size};
}

void want_manifest(db::Session& session, ManifestId manifest, Time now) {
  session.execute("UPDATE manifest SET due_at = :now WHERE id = :id AND state = 'unread'", now, manifest);
}

namespace {

// A repository with a tag for an index that leads to it, however far above.
std::optional<RepositoryPath> find_repository_above(db::Session& session, RegistryId registry, ManifestId manifest) {
  const auto found = session.find<RepositoryPath>(
      "WITH RECURSIVE above (id, digest) AS (SELECT id, digest FROM manifest WHERE id = :id "
      "UNION SELECT m.id, m.digest FROM above JOIN manifest_part p ON p.digest = above.digest AND p.role = 'manifest' "
      "JOIN manifest m ON m.id = p.manifest_id AND m.registry_id = :registry) "
      "SELECT r.name FROM above JOIN tag t ON t.manifest_id = above.id JOIN repository r ON r.id = t.repository_id "
      "ORDER BY r.name LIMIT 1",
      manifest, registry);
  return found ? std::optional(std::get<0>(*found)) : std::nullopt;
}

}  // namespace

std::vector<DueManifest> find_due(db::Session& session, RegistryId registry, Time until,
                                  const std::optional<DueManifest>& after, std::int64_t limit) {
  const auto from = after ? after->due_at : Time{};
  const auto last = after ? after->id : ManifestId(0);
  std::vector<DueManifest> due;
  for (auto& [id, digest, at, tries, type, state, config, config_type, config_size, repository] :
       session.rows<ManifestId, Digest, Time, std::int64_t, std::string, std::string, std::optional<Digest>,
                    std::optional<std::string>, std::optional<std::int64_t>, std::optional<RepositoryPath>>(
           "SELECT m.id, m.digest, m.due_at, m.tries, m.media_type, m.state, p.digest, p.media_type, p.size, "
           "(SELECT r.name FROM tag t JOIN repository r ON r.id = t.repository_id WHERE t.manifest_id = m.id LIMIT 1) "
           "FROM manifest m LEFT JOIN manifest_part p ON p.manifest_id = m.id AND p.role = 'config' "
           "WHERE m.registry_id = :registry AND m.due_at >= :from AND m.due_at <= :until "
           "AND (m.due_at > :from OR m.id > :last) ORDER BY m.due_at, m.id LIMIT :limit",
           registry, from, until, last, limit)) {
    DueManifest one{.id = id,
                    .digest = digest,
                    .due_at = at,
                    .tries = tries,
                    .media_type = std::move(type),
                    .config = {},
                    .repository = std::move(repository)};
    if (state == render(ManifestState::read) && config) {
      one.config = ManifestPart{PartRole::config, *config, config_type.value_or(""), config_size.value_or(0), {}};
    }
    if (!one.repository) one.repository = find_repository_above(session, registry, id);
    due.push_back(std::move(one));
  }
  return due;
}

std::int64_t count_due(db::Session& session, RegistryId registry, Time until) {
  return session.single<std::int64_t>(
      "SELECT count(*) FROM manifest WHERE registry_id = :registry AND due_at <= :until", registry, until);
}

void write_config(db::Session& session, const DueManifest& due, const ManifestDetails& details, Time now) {
  session.execute(
      "UPDATE manifest SET problem = :problem, platform = :platform, created_at = :created, config = :config, "
      "due_at = :due, tries = :tries WHERE id = :id",
      unless_empty(details.problem), unless_empty(details.platform), details.created_at, unless_empty(details.config),
      due_at(details, due.tries, now), tries_after(details, due.tries), due.id);
}

std::set<RepositoryId> measure_above(db::Session& session, RegistryId registry,
                                     const std::vector<ManifestId>& manifests) {
  std::set<ManifestId> all;
  for (const auto manifest : manifests) {
    for (const auto& [id] : session.rows<ManifestId>(
             "WITH RECURSIVE above (id, digest) AS (SELECT id, digest FROM manifest WHERE id = :id "
             "UNION SELECT m.id, m.digest FROM above JOIN manifest_part p ON p.digest = above.digest "
             "AND p.role = 'manifest' JOIN manifest m ON m.id = p.manifest_id AND m.registry_id = :registry) "
             "SELECT id FROM above",
             manifest, registry)) {
      all.insert(id);
    }
  }
  std::set<RepositoryId> repositories;
  for (const auto id : all) {
    const auto row = session.find<std::optional<std::string>, std::string, std::optional<std::int64_t>>(
        "SELECT kind, state, size FROM manifest WHERE id = :id", id);
    if (!row) continue;
    const auto& [kind, state, known] = *row;
    const bool is_index = kind == render(ManifestKind::index) && state == render(ManifestState::read);
    const auto size = is_index ? measure_index(session, registry, id) : known.value_or(0);
    for (const auto& [repository] :
         session.rows<RepositoryId>("SELECT DISTINCT repository_id FROM tag WHERE manifest_id = :id", id)) {
      repositories.insert(repository);
    }
    session.execute("UPDATE tag SET size = :size WHERE manifest_id = :id", size, id);
  }
  return repositories;
}

std::int64_t measure_index(db::Session& session, RegistryId registry, ManifestId index) {
  const auto size =
      session.single<std::int64_t>(measured("SELECT m.id FROM manifest m WHERE m.id = :index"), index, registry);
  session.execute("UPDATE manifest SET size = :size WHERE id = :id", size, index);
  return size;
}

std::int64_t measure_repository(db::Session& session, RegistryId registry, RepositoryId repository) {
  return session.single<std::int64_t>(measured("SELECT t.manifest_id FROM tag t WHERE t.repository_id = :repository "
                                               "AND t.manifest_id IS NOT NULL"),
                                      repository, registry);
}

std::vector<ManifestId> find_orphans(db::Session& session, RegistryId registry, std::int64_t limit) {
  std::vector<ManifestId> orphans;
  for (const auto& [id] : session.rows<ManifestId>(
           fmt::format("SELECT m.id FROM manifest m WHERE {} ORDER BY m.id LIMIT :limit", is_orphan), registry,
           limit)) {
    orphans.push_back(id);
  }
  return orphans;
}

void delete_orphans(db::Session& session, RegistryId registry, const std::vector<ManifestId>& orphans) {
  const auto still = fmt::format("SELECT m.id FROM manifest m WHERE m.id = :id AND {}", is_orphan);
  for (const auto id : orphans) {
    if (session.find<ManifestId>(still, id, registry)) session.execute("DELETE FROM manifest WHERE id = :id", id);
  }
}

}  // namespace spectacles::catalog::rows
