#include "hooks/queue_sql.h"

#include <algorithm>
#include <boost/json.hpp>

#include "crypto/random.h"
#include "hooks/rows_sql.h"
#include "hooks/signature.h"

namespace spectacles::hooks {
namespace {

constexpr std::int64_t most_waiting = 10'000;

template <class T>
boost::json::value text_or_null(const std::optional<T>& text) {
  return text ? boost::json::value(text->str()) : boost::json::value(nullptr);
}

boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

// What all bodies have; the order is that of the documentation.
boost::json::object begin_body(const std::string& id, Time at, std::string_view event) {
  return {{"id", id}, {"at", render_rfc3339(at)}, {"event", event}};
}

void insert(db::Session& session, WebhookId hook, const std::string& event_id, std::string_view event,
            const boost::json::object& body, Time now) {
  session.execute(
      "INSERT INTO webhook_delivery (webhook_id, event_id, event, body, created_at, next_at) "
      "VALUES (:hook, :event_id, :event, :body, :created_at, :next_at)",
      hook, event_id, event, boost::json::serialize(body), now, now);
}

bool is_full(db::Session& session, WebhookId hook) {
  return session.single<std::int64_t>(
             "SELECT count(*) FROM webhook_delivery WHERE webhook_id = :hook AND state = 'waiting'", hook) >=
         most_waiting;
}

bool holds(db::Session& session, const HookClaim& claim) {
  return session.single<bool>("SELECT EXISTS (SELECT 1 FROM webhook WHERE id = :hook AND holder = :holder)", claim.hook,
                              claim.holder);
}

std::optional<WebhookId> find_due(db::Session& session, Time now) {
  const auto found = session.find<WebhookId>(
      "SELECT w.id FROM webhook w WHERE w.enabled = 1 AND w.paused_until <= :now AND w.claimed_until < :now "
      "AND EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting' "
      "AND d.next_at <= :now) ORDER BY w.claimed_until, w.id LIMIT 1",
      now);
  if (!found) return std::nullopt;
  return std::get<0>(*found);
}

}  // namespace

bool enqueue(db::Session& session, const Happening& happening, Time now) {
  bool is_told = false;
  for (const auto& hook : rows::webhooks_of(session, happening.ns)) {
    if (!hook.enabled || !hook.events.contains(happening.event)) continue;
    is_told = true;
    if (is_full(session, hook.id)) {
      session.execute("UPDATE webhook SET dropped = dropped + 1 WHERE id = :id", hook.id);
      continue;
    }
    const auto id = crypto::random_token();
    const auto event = render_hook_event(happening.event);
    auto body = begin_body(id, happening.at, event);
    body["registry"] = boost::json::object{{"name", happening.registry.str()}, {"host", happening.registry_host.str()}};
    body["namespace"] = happening.ns_name.str();
    body["repository"] = happening.repository.str();
    body["tag"] = text_or_null(happening.tag);
    body["digest"] = text_or_null(happening.digest);
    body["actor"] = text_or_null(happening.actor);
    insert(session, hook.id, id, event, body, now);
  }
  return is_told;
}

void enqueue_test(db::Session& session, const Webhook& hook, const std::string& actor, Time now) {
  const auto [ns, registry, host] =
      session
          .find<NamespaceName, Label, RegistryHost>(
              "SELECT n.name, g.name, g.public_host FROM namespace n JOIN registry g ON g.id = n.registry_id "
              "WHERE n.id = :ns",
              hook.ns)
          .value();
  const auto id = crypto::random_token();
  auto body = begin_body(id, now, "test");
  body["registry"] = boost::json::object{{"name", registry.str()}, {"host", host.str()}};
  body["namespace"] = ns.str();
  for (const auto* member : {"repository", "tag", "digest"}) body[member] = nullptr;
  body["actor"] = text_or_null(actor);
  insert(session, hook.id, id, "test", body, now);
}

std::optional<HookClaim> DeliveryQueue::claim() {
  // Most of the time there is nothing, and nobody needs to wait for a writer.
  const auto is_due = database_.read([&](db::Session& session) { return find_due(session, now()).has_value(); });
  if (!is_due) return std::nullopt;
  const auto holder = crypto::random_token();
  return database_.write([&](db::Session& session) -> std::optional<HookClaim> {
    const auto hook = find_due(session, now());
    if (!hook) return std::nullopt;
    session.execute("UPDATE webhook SET holder = :holder, claimed_until = :until WHERE id = :id", holder,
                    Time(now() + times_.lease), *hook);
    return HookClaim{*hook, holder};
  });
}

std::optional<Delivery> DeliveryQueue::next(const HookClaim& claim) {
  return database_.write([&](db::Session& session) -> std::optional<Delivery> {
    const auto hook = rows::find_webhook(session, claim.hook);
    if (!hook || !hook->enabled || !holds(session, claim)) return std::nullopt;
    const auto found = session.find<std::int64_t, std::string, std::string, std::string>(
        "SELECT id, event_id, event, body FROM webhook_delivery WHERE webhook_id = :hook AND state = 'waiting' "
        "AND next_at <= :now ORDER BY next_at, id LIMIT 1",
        claim.hook, now());
    if (!found) return std::nullopt;
    session.execute("UPDATE webhook SET claimed_until = :until WHERE id = :hook", Time(now() + times_.lease),
                    claim.hook);
    const auto& [id, event_id, event, body] = *found;
    return Delivery{.id = id,
                    .event_id = event_id,
                    .event = event,
                    .url = hook->url,
                    .secret = secret_of(secrets_, hook->id, hook->version),
                    .body = body};
  });
}

void DeliveryQueue::finish(const HookClaim& claim, const Delivery& delivery, const PostAnswer& answer) {
  database_.write([&](db::Session& session) {
    if (!holds(session, claim)) return;
    const auto found = session.find<std::int64_t, Time>(
        "SELECT attempts, created_at FROM webhook_delivery WHERE id = :id AND state = 'waiting'", delivery.id);
    if (!found) return;
    const auto& [attempts, created_at] = *found;
    constexpr std::int64_t most_doublings = 20;
    const auto wait = std::min<std::chrono::seconds>(
        times_.first_retry * (std::int64_t{1} << std::min(attempts, most_doublings)), times_.longest_retry);
    const Time next_at = now() + wait;
    const bool is_over = answer.is_success() || next_at > created_at + times_.given_up_after;
    const auto* state = answer.is_success() ? "delivered" : is_over ? "given_up" : "waiting";
    session.execute(
        "UPDATE webhook_delivery SET state = :state, attempts = attempts + 1, next_at = :next_at, status = :status, "
        "problem = :problem, finished_at = :finished_at WHERE id = :id",
        state, next_at, answer.status ? std::optional<std::int64_t>(*answer.status) : std::nullopt,
        answer.problem.empty() ? std::nullopt : std::optional(answer.problem),
        is_over ? std::optional(now()) : std::nullopt, delivery.id);
    if (!answer.is_success()) {
      session.execute("UPDATE webhook SET paused_until = :until WHERE id = :hook", Time(now() + times_.pause),
                      claim.hook);
    }
  });
}

void DeliveryQueue::release(const HookClaim& claim) {
  database_.write([&](db::Session& session) {
    // Who was served last comes last: claims are taken by this column.
    session.execute("UPDATE webhook SET holder = NULL, claimed_until = :now WHERE id = :hook AND holder = :holder",
                    Time(now() - std::chrono::milliseconds(1)), claim.hook, claim.holder);
  });
}

void DeliveryQueue::clean() {
  constexpr int at_once = 500;
  const auto is_needed = [&](db::Session& session) {
    return session.single<bool>(
        "SELECT EXISTS (SELECT 1 FROM webhook_delivery WHERE finished_at < :kept_since) OR EXISTS "
        "(SELECT 1 FROM webhook_delivery WHERE state = 'waiting' AND created_at < :waiting_since)",
        Time(now() - times_.kept), Time(now() - times_.given_up_after));
  };
  if (!database_.read(is_needed)) return;
  database_.write([&](db::Session& session) {
    session.execute(
        "UPDATE webhook_delivery SET state = 'given_up', problem = 'it could not be delivered in time', "
        "finished_at = :now WHERE state = 'waiting' AND created_at < :since",
        now(), Time(now() - times_.given_up_after));
    for (const auto& [id] : session.rows<std::int64_t>(
             "SELECT id FROM webhook_delivery WHERE finished_at < :since ORDER BY finished_at LIMIT :most",
             Time(now() - times_.kept), at_once)) {
      session.execute("DELETE FROM webhook_delivery WHERE id = :id", id);
    }
  });
}

}  // namespace spectacles::hooks
