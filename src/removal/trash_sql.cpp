#include "removal/trash_sql.h"

#include <boost/json/object.hpp>
#include <stdexcept>

#include "base/base64.h"
#include "catalog/forget_sql.h"
#include "db/like.h"
#include "db/query.h"

namespace spectacles::removal {
namespace {

constexpr std::string_view select =
    "SELECT e.id, e.registry_id, g.name, e.repository, e.digest, e.media_type, e.tags, e.size, e.state, e.reason, "
    "e.deleted_by, e.deleted_at FROM trash_entry e JOIN registry g ON g.id = e.registry_id ";

TrashState parse_state(std::string_view text) {
  for (const auto state :
       {TrashState::deleting, TrashState::kept, TrashState::unverified, TrashState::gone, TrashState::restored}) {
    if (render_trash_state(state) == text) return state;
  }
  throw std::runtime_error("the database holds a state of the trash that does not exist");
}

template <class... Values>
std::vector<TrashEntry> load(db::Session& session, const std::string& rest, const Values&... values) {
  std::vector<TrashEntry> entries;
  for (auto& [id, registry, registry_name, repository, digest, media_type, tags, size, state, reason, by, at] :
       session.rows<TrashId, RegistryId, Label, RepositoryPath, Digest, std::string, std::string, std::int64_t,
                    std::string, std::string, std::string, Time>(std::string(select) + rest, values...)) {
    entries.push_back({.id = id,
                       .registry = registry,
                       .registry_name = registry_name,
                       .repository = repository,
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
    catalog::forget_tags(session, occasion.registry.id, occasion.repository, tags, manifest.digest);
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

std::vector<TrashEntry> TrashStore::list(const TrashFilter& filter) {
  return database_.read([&](db::Session& session) {
    return load(
        session,
        "WHERE (:any = 1 OR g.name = :registry) AND " + db::matches("e.repository", "search") + " ORDER BY e.id DESC",
        !filter.registry, filter.registry.value_or(""), db::containing(filter.repository));
  });
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

std::vector<TrashEntry> TrashStore::unverified(std::size_t limit) {
  return database_.read([&](db::Session& session) {
    return load(session, "WHERE e.state = 'unverified' ORDER BY e.id LIMIT :limit", static_cast<std::int64_t>(limit));
  });
}

void TrashStore::settle_abandoned(Time begun_before) {
  database_.write([&](db::Session& session) {
    session.execute(
        "UPDATE trash_entry SET state = 'kept', changed_at = :now WHERE state = 'deleting' AND "
        "deleted_at < :before",
        clock_.now(), begun_before);
  });
}

std::int64_t TrashStore::purge(Time deleted_before) {
  return database_.write([&](db::Session& session) {
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
  database_.write([&](db::Session& session) { session.execute("DELETE FROM tag_removal WHERE id = :id", id); });
}

std::vector<PendingTag> TrashStore::pending_tags(Time begun_before) {
  return database_.read([&](db::Session& session) {
    std::vector<PendingTag> pending;
    for (auto& [id, registry, repository, tag, placeholder] :
         session.rows<std::int64_t, RegistryId, RepositoryPath, TagName, Digest>(
             "SELECT id, registry_id, repository, tag, placeholder FROM tag_removal WHERE begun_at < :before "
             "ORDER BY id",
             begun_before)) {
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
