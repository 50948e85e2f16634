#include "hooks/store_sql.h"

#include <boost/json.hpp>

#include "access/rows_sql.h"
#include "access/subject.h"
#include "db/query.h"
#include "hooks/queue_sql.h"
#include "hooks/rows_sql.h"
#include "hooks/signature.h"

namespace spectacles::hooks {
namespace {

using access::Namespace;
using accounts::Principal;

constexpr std::size_t most_webhooks = 20;  // of a namespace

enum class Need { read, manage };

// `missing` is what is said of a namespace that does not exist for the caller.
Result<Namespace> require(db::Session& session, NamespaceId id, const Principal& who, Need need,
                          std::string_view missing) {
  auto ns = access::rows::find_namespace(session, id);
  if (!ns || !access::sees(who, *ns)) return refuse(RefusalKind::not_found, std::string(missing));
  if (access::manages(who, *ns) || (need == Need::read && who.reads_everything())) return std::move(*ns);
  return refuse(RefusalKind::forbidden, "only the owner of the namespace and administrators may do this");
}

Result<Namespace> require(db::Session& session, NamespaceId id, const Principal& who, Need need) {
  return require(session, id, who, need, "there is no such namespace");
}

struct Found {
  Webhook hook;
  Namespace ns;
};

Result<Found> require(db::Session& session, WebhookId id, const Principal& who, Need need) {
  constexpr std::string_view missing = "there is no such webhook";
  auto hook = rows::find_webhook(session, id);
  if (!hook) return refuse(RefusalKind::not_found, std::string(missing));
  auto ns = require(session, hook->ns, who, need, missing);
  if (!ns) return pass_on(ns);
  return Found{std::move(*hook), std::move(*ns)};
}

// `url` as it is to be seen: whole, or without what only the receiver knows.
boost::json::object render_state(const Webhook& hook, const std::string& url) {
  return {{"name", hook.name.str()},
          {"url", url},
          {"events", render_hook_events(hook.events)},
          {"enabled", hook.enabled},
          {"version", hook.version}};
}

boost::json::object whole_state(const Webhook& hook) {
  return render_state(hook, hook.url.str());
}

boost::json::object recorded_state(const Webhook& hook) {
  return render_state(hook, hook.url.origin());
}

std::string subject_of(db::Session& session, const Found& found) {
  return access::rows::registry_name(session, found.ns.registry).str() + ": " + found.ns.name.str() + ", " +
         found.hook.name.str();
}

bool is_taken(db::Session& session, const Webhook& hook) {
  for (const auto& other : rows::webhooks_of(session, hook.ns)) {
    if (other.name == hook.name && other.id != hook.id) return true;
  }
  return false;
}

tl::unexpected<Refusal> refuse_name() {
  return refuse(RefusalKind::conflict, "the namespace has a webhook of this name already", "name");
}

}  // namespace

WebhookView WebhookStore::view(db::Session& session, const Webhook& hook, const Principal& who) const {
  const auto ns = access::rows::find_namespace(session, hook.ns).value();
  const bool manageable = access::manages(who, ns);
  const auto [dropped, paused_until] =
      session.find<std::int64_t, Time>("SELECT dropped, paused_until FROM webhook WHERE id = :id", hook.id).value();
  return {.hook = hook,
          .ns_name = ns.name,
          .manageable = manageable,
          .secret = manageable ? std::optional(secret_of(secrets_, hook.id, hook.version)) : std::nullopt,
          .revision = audit::revision_of(whole_state(hook)),
          .waiting = session.single<std::int64_t>(
              "SELECT count(*) FROM webhook_delivery WHERE webhook_id = :id AND state = 'waiting'", hook.id),
          .dropped = dropped,
          .paused_until = paused_until > clock_.now() ? std::optional(paused_until) : std::nullopt};
}

Result<std::vector<WebhookView>> WebhookStore::list(NamespaceId ns, const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<std::vector<WebhookView>> {
    if (const auto may = require(session, ns, who, Need::read); !may) return pass_on(may);
    const auto hooks = rows::webhooks_of(session, ns);
    std::vector<WebhookView> views;
    views.reserve(hooks.size());
    for (const auto& hook : hooks) views.push_back(view(session, hook, who));
    return views;
  });
}

Result<WebhookView> WebhookStore::get(WebhookId id, const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<WebhookView> {
    const auto found = require(session, id, who, Need::read);
    if (!found) return pass_on(found);
    return view(session, found->hook, who);
  });
}

Result<void> WebhookStore::check_manageable(NamespaceId ns, const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<void> {
    if (const auto may = require(session, ns, who, Need::manage); !may) return pass_on(may);
    return {};
  });
}

Result<void> WebhookStore::check_manageable(WebhookId id, const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<void> {
    if (const auto may = require(session, id, who, Need::manage); !may) return pass_on(may);
    return {};
  });
}

Result<WebhookView> WebhookStore::create(NamespaceId ns, const NewWebhook& wanted, const Principal& who,
                                         const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<WebhookView> {
    const auto may = require(session, ns, who, Need::manage);
    if (!may) return pass_on(may);
    Webhook hook{.id = WebhookId(0),
                 .ns = ns,
                 .name = wanted.name,
                 .url = wanted.url,
                 .events = wanted.events,
                 .enabled = wanted.enabled,
                 .created_at = clock_.now()};
    if (is_taken(session, hook)) return refuse_name();
    if (rows::webhooks_of(session, ns).size() >= most_webhooks) {
      return refuse(RefusalKind::conflict, "a namespace has at most 20 webhooks");
    }
    hook.id = rows::insert_webhook(session, hook, clock_.now());
    recorder_.record(session, actor,
                     {.action = "webhook.created",
                      .subject = subject_of(session, {hook, *may}),
                      .ns = ns,
                      .after = recorded_state(hook)});
    return view(session, hook, who);
  });
}

Result<WebhookView> WebhookStore::change(WebhookId id, const WebhookChange& wanted,
                                         const audit::ExpectedRevision& expected, const Principal& who,
                                         const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<WebhookView> {
    const auto found = require(session, id, who, Need::manage);
    if (!found) return pass_on(found);
    auto hook = found->hook;
    if (wanted.name) hook.name = *wanted.name;
    if (wanted.url) hook.url = *wanted.url;
    if (wanted.events) hook.events = *wanted.events;
    if (wanted.enabled) hook.enabled = *wanted.enabled;
    if (auto fits = audit::check_change(expected, whole_state(found->hook), whole_state(hook)); !fits) {
      return pass_on(fits);
    }
    if (hook == found->hook) return view(session, hook, who);
    if (is_taken(session, hook)) return refuse_name();
    rows::update_webhook(session, hook, clock_.now());
    recorder_.record(session, actor,
                     {.action = "webhook.changed",
                      .subject = subject_of(session, *found),
                      .ns = hook.ns,
                      .before = recorded_state(found->hook),
                      .after = recorded_state(hook)});
    return view(session, hook, who);
  });
}

Result<void> WebhookStore::remove(WebhookId id, const audit::ExpectedRevision& expected, const Principal& who,
                                  const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto found = require(session, id, who, Need::manage);
    if (!found) return pass_on(found);
    if (auto fits = expected.check(audit::revision_of(whole_state(found->hook))); !fits) return fits;
    rows::delete_webhook(session, id);
    recorder_.record(session, actor,
                     {.action = "webhook.deleted",
                      .subject = subject_of(session, *found),
                      .ns = found->hook.ns,
                      .before = recorded_state(found->hook)});
    return {};
  });
}

Result<WebhookView> WebhookStore::rotate_secret(WebhookId id, const Principal& who, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<WebhookView> {
    const auto found = require(session, id, who, Need::manage);
    if (!found) return pass_on(found);
    auto hook = found->hook;
    ++hook.version;
    rows::update_webhook(session, hook, clock_.now());
    recorder_.record(
        session, actor,
        {.action = "webhook.secret_rotated", .subject = subject_of(session, *found), .ns = found->hook.ns});
    return view(session, hook, who);
  });
}

Result<void> WebhookStore::test(WebhookId id, const Principal& who, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto found = require(session, id, who, Need::manage);
    if (!found) return pass_on(found);
    if (!found->hook.enabled) return refuse(RefusalKind::conflict, "the webhook is not enabled");
    enqueue_test(session, found->hook, actor.name, clock_.now());
    recorder_.record(session, actor,
                     {.action = "webhook.tested", .subject = subject_of(session, *found), .ns = found->hook.ns});
    return {};
  });
}

Result<Rows<DeliveryView>> WebhookStore::list_deliveries(WebhookId id, const Principal& who, const PageRequest& page) {
  return database_.read([&](db::Session& session) -> Result<Rows<DeliveryView>> {
    if (const auto found = require(session, id, who, Need::read); !found) return pass_on(found);
    db::Query query(
        "SELECT id, event_id, event, state, created_at, next_at, finished_at, attempts, status, problem, body "
        "FROM webhook_delivery");
    query.where("webhook_id = :hook", id);
    Rows<DeliveryView> listed{.rows = {}, .total = query.count(session)};
    for (const auto& [delivery, event_id, event, state, created_at, next_at, finished_at, attempts, status, problem,
                      body] :
         query.rows<std::int64_t, std::string, std::string, std::string, Time, Time, std::optional<Time>, std::int64_t,
                    std::optional<std::int64_t>, std::optional<std::string>, std::string>(
             session, page, {.column = "id", .tie = "id", .numeric = true})) {
      const auto due = state == "waiting" ? std::optional(next_at) : std::nullopt;
      listed.rows.push_back(
          {delivery, event_id, event, state, created_at, due, finished_at, attempts, status, problem, body});
    }
    return listed;
  });
}

}  // namespace spectacles::hooks
