#include "removal/trash_sql.h"

#include <boost/json/object.hpp>

#include "access/assignment_sql.h"
#include "base/base64.h"
#include "catalog/forget_sql.h"
#include "removal/trash_rows_sql.h"

namespace spectacles::removal {
namespace {

// Of a tag that was taken away by a placeholder: longer than a pass takes that saw it on its way.
constexpr std::chrono::hours ended_kept_for{24};

template <class... Values>
std::vector<TrashEntry> load(db::Session& session, std::string_view rest, const Values&... values) {
  return to_entries(session.rows<TrashId, RegistryId, Label, RepositoryPath, std::optional<NamespaceId>, Digest,
                                 std::string, std::string, std::int64_t, std::string, std::string, std::string, Time>(
      std::string(trash_columns).append(" ").append(rest), values...));
}

void set_state(db::Session& session, TrashId id, TrashState state, Time now) {
  session.execute("UPDATE trash_entry SET state = :state, changed_at = :now WHERE id = :id", render_trash_state(state),
                  now, id);
}

std::int64_t size_of(const std::vector<KeptManifest>& tree) {
  std::int64_t size = 0;
  for (const auto& kept : tree) {
    size += static_cast<std::int64_t>(kept.bytes.size()) + read_references(kept.bytes).size;
  }
  return size;
}

std::string subject_of(const Occasion& occasion, const std::string& rest) {
  return occasion.registry.name.str() + ": " + occasion.repository.str() + rest;
}

boost::json::object describe(const Occasion& occasion, const Resolved& manifest) {
  return {{"digest", manifest.digest.str()}, {"media_type", manifest.media_type}, {"reason", occasion.reason}};
}

}  // namespace

TrashId TrashStore::begin(const Occasion& occasion, const std::vector<KeptManifest>& tree,
                          const std::vector<TagName>& tags) {
  const auto& manifest = tree.back().manifest;
  return database_.write([&](db::Session& session) {
    const auto now = clock_.now();
    const TrashId id(session.insert(
        "INSERT INTO trash_entry (registry_id, repository, digest, media_type, tags, size, state, reason, deleted_by, "
        "deleted_at, changed_at) VALUES (:registry, :repository, :digest, :media_type, :tags, :size, 'deleting', "
        ":reason, :by, :at, :changed)",
        occasion.registry.id, occasion.repository, manifest.digest, manifest.media_type, render_tags(tags),
        size_of(tree), occasion.reason, occasion.actor.name, now, now));
    access::assignment::assign(session, id, occasion.registry.id, occasion.repository);
    for (std::size_t at = 0; at < tree.size(); ++at) {
      session.execute(
          "INSERT INTO trash_manifest (entry_id, position, digest, media_type, bytes) "
          "VALUES (:entry, :position, :digest, :media_type, :bytes)",
          id, static_cast<std::int64_t>(at), tree[at].manifest.digest, tree[at].manifest.media_type,
          to_base64(tree[at].bytes));
    }
    return id;
  });
}

void TrashStore::finish(const Occasion& occasion, TrashId id, const Resolved& manifest,
                        const std::vector<TagName>& tags, bool died) {
  database_.write([&](db::Session& session) {
    session.execute("UPDATE trash_entry SET tags = :tags WHERE id = :id", render_tags(tags), id);
    set_state(session, id, TrashState::kept, clock_.now());
    catalog::forget_tags(session, occasion.registry.id, occasion.repository, tags, manifest.digest, occasion.actor.name,
                         clock_.now());
    for (const auto& tag : tags) {
      recorder_.record(session, occasion.actor,
                       {.action = "tag.deleted",
                        .subject = subject_of(occasion, ":" + tag.str()),
                        .ns = occasion.ns,
                        .before = describe(occasion, manifest)});
    }
    if (!died) return;
    recorder_.record(session, occasion.actor,
                     {.action = "manifest.deleted",
                      .subject = subject_of(occasion, "@" + manifest.digest.str()),
                      .ns = occasion.ns,
                      .before = describe(occasion, manifest)});
  });
}

void TrashStore::forget(TrashId id) {
  database_.write([&](db::Session& session) { session.execute("DELETE FROM trash_entry WHERE id = :id", id); });
}

Rows<TrashEntry> TrashStore::list(const accounts::Principal& who, const access::NamespaceMap& namespaces,
                                  const TrashFilter& filter, const PageRequest& page) {
  return database_.read([&](db::Session& session) { return list_trash(session, who, namespaces, filter, page); });
}

std::optional<TrashEntry> TrashStore::find(TrashId id) {
  return database_.read([&](db::Session& session) -> std::optional<TrashEntry> {
    auto found = load(session, "WHERE e.id = :id", id);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

std::vector<KeptManifest> TrashStore::manifests(TrashId id) {
  return database_.read([&](db::Session& session) {
    std::vector<KeptManifest> tree;
    for (auto& [digest, media_type, bytes] : session.rows<Digest, std::string, std::string>(
             "SELECT digest, media_type, bytes FROM trash_manifest WHERE entry_id = :id ORDER BY position", id)) {
      tree.push_back({.manifest = {digest, media_type}, .bytes = from_base64(bytes).value()});
    }
    return tree;
  });
}

void TrashStore::mark_restored(const Occasion& occasion, TrashId id, const Resolved& manifest,
                               const std::vector<TagName>& tags) {
  database_.write([&](db::Session& session) {
    set_state(session, id, TrashState::restored, clock_.now());
    boost::json::array names;
    for (const auto& tag : tags) names.emplace_back(tag.str());
    recorder_.record(session, occasion.actor,
                     {.action = "manifest.restored",
                      .subject = subject_of(occasion, "@" + manifest.digest.str()),
                      .ns = occasion.ns,
                      .after = boost::json::object{{"digest", manifest.digest.str()}, {"tags", std::move(names)}}});
  });
}

void TrashStore::mark_gone(TrashId id) {
  database_.write([&](db::Session& session) { set_state(session, id, TrashState::gone, clock_.now()); });
}

void TrashStore::mark_kept(TrashId id) {
  database_.write([&](db::Session& session) { set_state(session, id, TrashState::kept, clock_.now()); });
}

std::vector<TrashEntry> TrashStore::unverified(RegistryId registry, std::size_t limit) {
  return database_.read([&](db::Session& session) {
    return load(session, "WHERE e.state = 'unverified' AND e.registry_id = :registry ORDER BY e.id LIMIT :limit",
                registry, static_cast<std::int64_t>(limit));
  });
}

std::vector<TrashEntry> TrashStore::abandoned(RegistryId registry, Time begun_before, std::size_t limit) {
  return database_.read([&](db::Session& session) {
    return load(session,
                "WHERE e.state = 'deleting' AND e.registry_id = :registry AND e.deleted_at < :before AND NOT EXISTS "
                "(SELECT 1 FROM tag_removal p WHERE p.registry_id = e.registry_id AND p.repository = e.repository "
                "AND p.ended_at IS NULL) ORDER BY e.id LIMIT :limit",
                registry, begun_before, static_cast<std::int64_t>(limit));
  });
}

std::int64_t TrashStore::purge(Time deleted_before) {
  return database_.write([&](db::Session& session) {
    session.execute("DELETE FROM tag_removal WHERE ended_at < :before", Time(clock_.now() - ended_kept_for));
    return session.execute("DELETE FROM trash_entry WHERE deleted_at < :before", deleted_before);
  });
}

std::int64_t TrashStore::begin_tag(RegistryId registry, const RepositoryPath& repository, const TagName& tag,
                                   const Digest& placeholder) {
  return database_.write([&](db::Session& session) {
    return session.insert(
        "INSERT INTO tag_removal (registry_id, repository, tag, placeholder, begun_at) "
        "VALUES (:registry, :repository, :tag, :placeholder, :now)",
        registry, repository, tag, placeholder, clock_.now());
  });
}

void TrashStore::end_tag(std::int64_t id) {
  database_.write([&](db::Session& session) {
    session.execute("UPDATE tag_removal SET ended_at = :now WHERE id = :id", clock_.now(), id);
  });
}

std::vector<PendingTag> TrashStore::pending_tags(RegistryId of, Time begun_before) {
  return database_.read([&](db::Session& session) {
    std::vector<PendingTag> pending;
    for (auto& [id, registry, repository, tag, placeholder] :
         session.rows<std::int64_t, RegistryId, RepositoryPath, TagName, Digest>(
             "SELECT id, registry_id, repository, tag, placeholder FROM tag_removal WHERE registry_id = :registry "
             "AND begun_at < :before AND ended_at IS NULL ORDER BY id",
             of, begun_before)) {
      pending.push_back({id, registry, repository, tag, placeholder});
    }
    return pending;
  });
}

void doubt_trash(db::Session& session, RegistryId registry, Time now) {
  session.execute(
      "UPDATE trash_entry SET state = 'unverified', changed_at = :now WHERE registry_id = :registry AND state = 'kept'",
      now, registry);
}

}  // namespace spectacles::removal
