// What can be done with the webhooks of namespaces. Each change is a transaction that holds its event too.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "accounts/account.h"
#include "audit/recorder.h"
#include "audit/revision.h"
#include "base/page.h"
#include "crypto/derived_secrets.h"
#include "db/database.h"
#include "hooks/webhook.h"
#include "names/namespace_name.h"

namespace spectacles::hooks {

struct NewWebhook {
  Label name;
  WebhookUrl url;
  std::set<HookEvent> events{HookEvent::push, HookEvent::remove};
  bool enabled = true;
};

// What is to become different; what is left out stays.
struct WebhookChange {
  std::optional<Label> name = {};
  std::optional<WebhookUrl> url = {};
  std::optional<std::set<HookEvent>> events = {};
  std::optional<bool> enabled = {};
};

struct WebhookView {
  Webhook hook;
  NamespaceName ns_name;
  bool manageable = false;       // the caller may change it, and knows address and secret
  std::optional<Secret> secret;  // for who manages it
  audit::Revision revision;
  std::int64_t waiting = 0;  // deliveries
  std::int64_t dropped = 0;  // events that were not even queued, because too much waited
  std::optional<Time> paused_until;
};

struct DeliveryView {
  std::int64_t id;
  std::string event_id;
  std::string event;
  std::string state;  // waiting, delivered, given_up
  Time created_at;
  std::optional<Time> next_at;  // of one that waits
  std::optional<Time> finished_at;
  std::int64_t attempts = 0;
  std::optional<std::int64_t> status;
  std::optional<std::string> problem;
  std::string body;
};

// Owners and administrators manage, auditors read. All functions refuse (not_found) what does not exist for the caller,
// (forbidden) to who sees the namespace and may not, and (stale) another revision than the expected one. They throw
// db::Error when the database fails.
class WebhookStore {
 public:
  WebhookStore(db::Database& database, const audit::Recorder& recorder, const crypto::DerivedSecrets& secrets,
               const Clock& clock)
      : database_(database), recorder_(recorder), secrets_(secrets), clock_(clock) {}

  Result<std::vector<WebhookView>> list(NamespaceId ns, const accounts::Principal& who);  // by name
  Result<WebhookView> get(WebhookId id, const accounts::Principal& who);

  // Whether the caller may change it: what is wrong with a change is told to nobody who may not make it.
  Result<void> check_manageable(NamespaceId ns, const accounts::Principal& who);
  Result<void> check_manageable(WebhookId id, const accounts::Principal& who);

  // Refuses (conflict) a name that the namespace has given already, and more webhooks than a namespace may have.
  Result<WebhookView> create(NamespaceId ns, const NewWebhook& wanted, const accounts::Principal& who,
                             const audit::Actor& actor);
  Result<WebhookView> change(WebhookId id, const WebhookChange& wanted, const audit::ExpectedRevision& expected,
                             const accounts::Principal& who, const audit::Actor& actor);
  Result<void> remove(WebhookId id, const audit::ExpectedRevision& expected, const accounts::Principal& who,
                      const audit::Actor& actor);

  // Deliveries are signed with another secret from now on, those that wait too.
  Result<WebhookView> rotate_secret(WebhookId id, const accounts::Principal& who, const audit::Actor& actor);

  // Queues an event "test". Refuses (conflict) a webhook that is not enabled.
  Result<void> test(WebhookId id, const accounts::Principal& who, const audit::Actor& actor);

  // In the order in which they came into being, or the other way round; a row's key is its id.
  Result<Rows<DeliveryView>> list_deliveries(WebhookId id, const accounts::Principal& who, const PageRequest& page);

 private:
  WebhookView view(db::Session& session, const Webhook& hook, const accounts::Principal& who) const;

  db::Database& database_;
  const audit::Recorder& recorder_;
  const crypto::DerivedSecrets& secrets_;
  const Clock& clock_;
};

}  // namespace spectacles::hooks
