#include "catalog/inbox_sql.h"

#include <stdexcept>

#include "catalog/apply_sql.h"
#include "catalog/tell_sql.h"

namespace spectacles::catalog {
namespace {

constexpr std::chrono::hours kept_for{24 * 7};

NotificationAction parse_action(std::string_view text) {
  for (const auto action : {NotificationAction::push, NotificationAction::pull, NotificationAction::remove}) {
    if (render(action) == text) return action;
  }
  throw std::runtime_error("the database holds an action of a notification that does not exist");
}

struct Kept {
  std::int64_t id;
  RegistryId registry;
  Notification notification;
};

std::vector<Kept> oldest_unapplied(db::Session& session, int most) {
  const auto found = session.rows<std::int64_t, RegistryId, std::string, std::string, Time, RepositoryPath,
                                  std::optional<TagName>, std::optional<Digest>, std::string, std::string, std::string>(
      "SELECT id, registry_id, event_id, action, at, repository, tag, digest, media_type, actor, address "
      "FROM notification WHERE processed_at IS NULL ORDER BY id LIMIT :most",
      most);
  std::vector<Kept> kept;
  kept.reserve(found.size());
  for (const auto& [id, registry, event_id, action, at, repository, tag, digest, media_type, actor, address] : found) {
    kept.push_back(
        {id, registry, {event_id, parse_action(action), at, repository, tag, digest, media_type, actor, address}});
  }
  return kept;
}

}  // namespace

void Inbox::keep(RegistryId registry, const std::vector<Notification>& notifications) {
  if (notifications.empty()) return;
  database_.write([&](db::Session& session) {
    for (const auto& one : notifications) {
      session.execute(
          "INSERT INTO notification (registry_id, event_id, action, at, repository, tag, digest, media_type, actor, "
          "address, received_at) SELECT g.id, :event_id, :action, :at, :repository, :tag, :digest, :media_type, "
          ":actor, :address, :received_at FROM registry g WHERE g.id = :registry AND NOT EXISTS "
          "(SELECT 1 FROM notification n WHERE n.registry_id = :registry AND n.event_id = :event_id)",
          one.event_id, render(one.action), one.at, one.repository, one.tag, one.digest, one.media_type, one.actor,
          one.address, clock_.now(), registry);
    }
  });
}

std::optional<Inbox::Applied> Inbox::apply_some() {
  const auto is_any = database_.read([](db::Session& session) {
    return session.single<bool>("SELECT EXISTS (SELECT 1 FROM notification WHERE processed_at IS NULL)");
  });
  if (!is_any) return std::nullopt;
  return database_.write([&](db::Session& session) -> std::optional<Applied> {
    Applied applied;
    const auto waiting = oldest_unapplied(session, most_at_once);
    for (const auto& [id, registry, notification] : waiting) {
      auto pushed = apply(session, recorder_, registry, notification, clock_.now());
      if (pushed) applied.pushed.push_back(std::move(*pushed));
      session.execute("UPDATE notification SET processed_at = :now WHERE id = :id", clock_.now(), id);
    }
    if (waiting.empty()) return std::nullopt;
    return applied;
  });
}

void Inbox::clean() {
  forget_found(database_, clock_.now());
  constexpr int at_once = 1000;
  const Time since = clock_.now() - kept_for;
  const auto old = database_.read([&](db::Session& session) {
    return session.rows<std::int64_t>(
        "SELECT id FROM notification WHERE processed_at < :since ORDER BY processed_at, id LIMIT :most", since,
        at_once);
  });
  if (old.empty()) return;
  database_.write([&](db::Session& session) {
    for (const auto& [id] : old) session.execute("DELETE FROM notification WHERE id = :id", id);
  });
}

}  // namespace spectacles::catalog
