#include "hooks/rows_sql.h"

#include <string>

namespace spectacles::hooks::rows {
namespace {

template <class... Values>
std::vector<Webhook> select(db::Session& session, std::string_view condition, const Values&... values) {
  const auto found = session.rows<WebhookId, NamespaceId, Label, WebhookUrl, std::string, bool, std::int64_t, Time>(
      std::string("SELECT id, namespace_id, name, url, events, enabled, version, created_at FROM webhook WHERE ")
          .append(condition),
      values...);
  std::vector<Webhook> hooks;
  hooks.reserve(found.size());
  for (const auto& [id, ns, name, url, events, enabled, version, created_at] : found) {
    hooks.push_back({id, ns, name, url, parse_hook_events(events), enabled, version, created_at});
  }
  return hooks;
}

}  // namespace

std::optional<Webhook> find_webhook(db::Session& session, WebhookId id) {
  auto found = select(session, "id = :id", id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Webhook> webhooks_of(db::Session& session, NamespaceId ns) {
  return select(session, "namespace_id = :ns ORDER BY name", ns);
}

WebhookId insert_webhook(db::Session& session, const Webhook& hook, Time now) {
  return WebhookId(session.insert(
      "INSERT INTO webhook (namespace_id, name, url, events, enabled, version, created_at, changed_at) "
      "VALUES (:ns, :name, :url, :events, :enabled, :version, :created_at, :changed_at)",
      hook.ns, hook.name, hook.url, render_hook_events(hook.events), hook.enabled, hook.version, hook.created_at, now));
}

void update_webhook(db::Session& session, const Webhook& hook, Time now) {
  session.execute(
      "UPDATE webhook SET name = :name, url = :url, events = :events, enabled = :enabled, version = :version, "
      "paused_until = 0, changed_at = :now WHERE id = :id",
      hook.name, hook.url, render_hook_events(hook.events), hook.enabled, hook.version, now, hook.id);
}

void delete_webhook(db::Session& session, WebhookId id) {
  session.execute("DELETE FROM webhook WHERE id = :id", id);
}

}  // namespace spectacles::hooks::rows
