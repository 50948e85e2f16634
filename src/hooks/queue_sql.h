// What webhooks are to be told, from the transaction in which it happened until it was delivered or given up.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/derived_secrets.h"
#include "db/database.h"
#include "hooks/post_http.h"
#include "hooks/webhook.h"
#include "names/host.h"
#include "names/image.h"
#include "names/namespace_name.h"
#include "names/repository_path.h"

namespace spectacles::hooks {

// What happened in a namespace.
struct Happening {
  HookEvent event;
  Time at;
  NamespaceId ns;
  NamespaceName ns_name;
  Label registry;
  RegistryHost registry_host;
  RepositoryPath repository;
  std::optional<TagName> tag;
  std::optional<Digest> digest;
  std::string actor;  // "" for nobody who was signed in
};

// Queues it for the webhooks of the namespace that ask for it, within the caller's transaction; returns whether there
// are any. For a webhook that has too much to deliver already it is only counted.
bool enqueue(db::Session& session, const Happening& happening, Time now);

// The same for one webhook, to try it: an event "test" without repository.
void enqueue_test(db::Session& session, const Webhook& hook, const std::string& actor, Time now);

struct QueueTimes {
  std::chrono::seconds first_retry{10};  // doubles with each attempt
  std::chrono::seconds longest_retry{3600};
  std::chrono::hours given_up_after{24};
  std::chrono::seconds pause{10};   // of a webhook after a delivery that failed
  std::chrono::seconds lease{60};   // how long others wait after this process died
  std::chrono::hours kept{24 * 7};  // what is over, for owners to see
};

// The right to deliver to one webhook: one process at a time has it.
struct HookClaim {
  WebhookId hook;
  std::string holder;
};

struct Delivery {
  std::int64_t id;
  std::string event_id;
  std::string event;
  WebhookUrl url;
  Secret secret;
  std::string body;
};

// May be used by several threads at once. All functions throw db::Error.
class DeliveryQueue {
 public:
  DeliveryQueue(db::Database& database, const crypto::DerivedSecrets& secrets, const Clock& clock,
                QueueTimes times = {})
      : database_(database), secrets_(secrets), clock_(clock), times_(times) {}

  Time now() const { return clock_.now(); }

  // A webhook that has something to deliver now, and that nobody else delivers to.
  std::optional<HookClaim> claim();

  // The oldest that is due; nothing when there is none, or when the claim is lost. Makes the claim last on.
  std::optional<Delivery> next(const HookClaim& claim);

  // Writes down what came of it. After a failure it is due again later, or given up, and the webhook pauses.
  void finish(const HookClaim& claim, const Delivery& delivery, const PostAnswer& answer);

  void release(const HookClaim& claim);

  // Gives up what has waited too long, and removes some of what is over for long.
  void clean();

 private:
  db::Database& database_;
  const crypto::DerivedSecrets& secrets_;
  const Clock& clock_;
  QueueTimes times_;
};

}  // namespace spectacles::hooks
