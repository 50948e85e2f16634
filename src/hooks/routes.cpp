#include "hooks/routes.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "http/json.h"
#include "http/page.h"

namespace spectacles::hooks {
namespace {

using accounts::actor_of;
using accounts::Principal;

boost::json::value time_or_null(const std::optional<Time>& time) {
  return time ? boost::json::value(render_rfc3339(*time)) : boost::json::value(nullptr);
}

boost::json::object render(const WebhookView& view) {
  const auto& hook = view.hook;
  boost::json::array events;
  for (const auto event : hook.events) events.emplace_back(render_hook_event(event));
  boost::json::object rendered{{"id", hook.id.value()},
                               {"namespace", {{"id", hook.ns.value()}, {"name", view.ns_name.str()}}},
                               {"name", hook.name.str()},
                               {"url", view.manageable ? hook.url.str() : hook.url.origin()},
                               {"events", std::move(events)},
                               {"enabled", hook.enabled},
                               {"created_at", render_rfc3339(hook.created_at)},
                               {"waiting", view.waiting},
                               {"dropped", view.dropped}};
  rendered["paused_until"] = time_or_null(view.paused_until);
  return rendered;
}

// One alone, which for who manages it has the secret that its deliveries are signed with.
boost::json::object render_whole(const WebhookView& view) {
  auto rendered = render(view);
  if (view.secret) rendered["secret"] = view.secret->reveal();
  return rendered;
}

http::Response answer(const WebhookView& view, int status = 200) {
  // The tag is made of the address, which others could guess from it.
  if (!view.manageable) return http::json(render_whole(view), status);
  return accounts::with_revision(http::json(render_whole(view), status), view.revision);
}

boost::json::object render(const DeliveryView& delivery) {
  boost::json::object rendered{{"id", delivery.event_id},       {"event", delivery.event},
                               {"state", delivery.state},       {"created_at", render_rfc3339(delivery.created_at)},
                               {"attempts", delivery.attempts}, {"body", boost::json::parse(delivery.body)}};
  rendered["next_at"] = time_or_null(delivery.next_at);
  rendered["finished_at"] = time_or_null(delivery.finished_at);
  rendered["status"] = delivery.status ? boost::json::value(*delivery.status) : boost::json::value(nullptr);
  rendered["problem"] = delivery.problem ? boost::json::value(*delivery.problem) : boost::json::value(nullptr);
  return rendered;
}

Result<NamespaceId> namespace_of(const http::Request& request) {
  const auto id = parse_id<NamespaceId>(request.path_parameters.at("id"));
  if (!id) return refuse(RefusalKind::not_found, "there is no such namespace");
  return *id;
}

Result<WebhookId> webhook_of(const http::Request& request) {
  const auto id = parse_id<WebhookId>(request.path_parameters.at("id"));
  if (!id) return refuse(RefusalKind::not_found, "there is no such webhook");
  return *id;
}

// For a change: the webhook, if the caller may change it.
Result<WebhookId> manageable_of(WebhookStore& store, const http::Request& request, const Principal& who) {
  auto id = webhook_of(request);
  if (!id) return id;
  if (const auto may = store.check_manageable(*id, who); !may) return pass_on(may);
  return id;
}

std::optional<std::set<HookEvent>> read_events(http::Fields& fields) {
  const auto list = fields.optional_parsed_list("events", parse_hook_event);
  if (!list) return std::nullopt;
  if (list->empty()) fields.refuse("events", "a webhook is told of at least one of push, pull and delete");
  return std::set<HookEvent>(list->begin(), list->end());
}

Result<http::Response> list(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto ns = namespace_of(request);
  if (!ns) return pass_on(ns);
  const auto hooks = store.list(*ns, who);
  if (!hooks) return pass_on(hooks);
  boost::json::array rendered;
  for (const auto& view : *hooks) rendered.push_back(render(view));
  return http::json(rendered).with("X-Total-Count", std::to_string(hooks->size()));
}

Result<http::Response> create(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto ns = namespace_of(request);
  if (!ns) return pass_on(ns);
  if (const auto may = store.check_manageable(*ns, who); !may) return pass_on(may);
  http::Fields fields(request);
  const auto name = fields.parsed("name", Label::parse);
  const auto url = fields.parsed("url", WebhookUrl::parse);
  const auto events = read_events(fields);
  const auto enabled = fields.optional_boolean("enabled");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  NewWebhook wanted{.name = *name, .url = *url};
  if (events) wanted.events = *events;
  wanted.enabled = enabled.value_or(true);
  const auto created = store.create(*ns, wanted, who, actor_of(who, request));
  if (!created) return pass_on(created);
  return answer(*created, 201)
      .with("Location", request.address_of(fmt::format("/api/v1/webhooks/{}", created->hook.id.value())));
}

Result<http::Response> get(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto id = webhook_of(request);
  if (!id) return pass_on(id);
  const auto view = store.get(*id, who);
  if (!view) return pass_on(view);
  return answer(*view);
}

Result<http::Response> change(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto id = manageable_of(store, request, who);
  if (!id) return pass_on(id);
  const auto expected = accounts::expected_revision(request);
  if (!expected) return pass_on(expected);
  http::Fields fields(request);
  WebhookChange wanted{.name = fields.optional_parsed("name", Label::parse),
                       .url = fields.optional_parsed("url", WebhookUrl::parse),
                       .events = read_events(fields),
                       .enabled = fields.optional_boolean("enabled")};
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto changed = store.change(*id, wanted, *expected, who, actor_of(who, request));
  if (!changed) return pass_on(changed);
  return answer(*changed);
}

Result<http::Response> remove(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto id = manageable_of(store, request, who);
  if (!id) return pass_on(id);
  const auto expected = accounts::expected_revision(request);
  if (!expected) return pass_on(expected);
  const auto removed = store.remove(*id, *expected, who, actor_of(who, request));
  if (!removed) return pass_on(removed);
  return http::no_content();
}

Result<http::Response> rotate(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto id = webhook_of(request);
  if (!id) return pass_on(id);
  const auto rotated = store.rotate_secret(*id, who, actor_of(who, request));
  if (!rotated) return pass_on(rotated);
  return answer(*rotated);
}

Result<http::Response> test(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto id = webhook_of(request);
  if (!id) return pass_on(id);
  const auto queued = store.test(*id, who, actor_of(who, request));
  if (!queued) return pass_on(queued);
  return http::no_content();
}

Result<http::Response> list_deliveries(WebhookStore& store, const http::Request& request, const Principal& who) {
  const auto id = webhook_of(request);
  if (!id) return pass_on(id);
  if (const auto may = store.get(*id, who); !may) return pass_on(may);
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page =
      http::parse_page(*query, 1, {.allowed = {"created_at"}, .standard = "-created_at", .numeric = {"created_at"}});
  if (!page) return pass_on(page);
  auto deliveries = store.list_deliveries(*id, who, *page);
  if (!deliveries) return pass_on(deliveries);
  const auto next = http::cut_to_page(deliveries->rows, *page,
                                      [](const DeliveryView& one) { return std::vector{std::to_string(one.id)}; });
  boost::json::array rendered;
  for (const auto& delivery : deliveries->rows) rendered.push_back(render(delivery));
  return http::page(request, rendered, deliveries->total, next);
}

}  // namespace

void mount_routes(http::Router& router, WebhookStore& store, const accounts::Guard& guard) {
  using http::Method;
  const auto signed_in = [&](auto handler) {
    return guard.signed_in(
        [&store, handler](const http::Request& request, const Principal& who) { return handler(store, request, who); });
  };
  router.add(Method::get, "/api/v1/namespaces/{id}/webhooks", signed_in(list));
  router.add(Method::post, "/api/v1/namespaces/{id}/webhooks", signed_in(create));
  router.add(Method::get, "/api/v1/webhooks/{id}", signed_in(get));
  router.add(Method::patch, "/api/v1/webhooks/{id}", signed_in(change));
  router.add(Method::del, "/api/v1/webhooks/{id}", signed_in(remove));
  router.add(Method::get, "/api/v1/webhooks/{id}/deliveries", signed_in(list_deliveries));
  router.add(Method::post, "/api/v1/webhooks/{id}/test", signed_in(test));
  router.add(Method::post, "/api/v1/webhooks/{id}/rotate-secret", signed_in(rotate));
}

}  // namespace spectacles::hooks
