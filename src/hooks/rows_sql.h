// Statements on webhooks: rows in, rows out, no rules. Each takes the session of the caller's transaction and throws
// db::Error.
#pragma once

#include <optional>
#include <vector>

#include "db/session.h"
#include "hooks/webhook.h"

namespace spectacles::hooks::rows {

std::optional<Webhook> find_webhook(db::Session& session, WebhookId id);
std::vector<Webhook> webhooks_of(db::Session& session, NamespaceId ns);  // by name

WebhookId insert_webhook(db::Session& session, const Webhook& hook, Time now);  // `id` is ignored
void update_webhook(db::Session& session, const Webhook& hook, Time now);       // all but id and namespace
void delete_webhook(db::Session& session, WebhookId id);                        // with what was to be delivered

}  // namespace spectacles::hooks::rows
