#include "registries/routes.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/ascii.h"
#include "http/json.h"
#include "http/page.h"
#include "registries/render_checks.h"
#include "registries/settings.h"

namespace spectacles::registries {
namespace {

using accounts::actor_of;
using accounts::Principal;

boost::json::value text_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

boost::json::value render_pause(const std::optional<access::Pause>& pause) {
  if (!pause) return nullptr;
  return boost::json::object{{"until", render_rfc3339(pause->until)}, {"reason", text_or_null(pause->reason)}};
}

// A problem that carries the checks: adding is refused by the first that failed.
http::Response refuse_by_checks(const ConnectionTest& test, const http::Request& request) {
  std::string detail = "the connection test failed";
  for (const auto& check : test.checks) {
    if (check.outcome == CheckOutcome::failed) {
      detail += fmt::format(": {} ({})", check.detail, check.name);
      break;
    }
  }
  boost::json::object body{
      {"type", "about:blank"},    {"title", "Bad Request"},       {"status", 400}, {"detail", detail}, {"field", "url"},
      {"request_id", request.id}, {"checks", render_checks(test)}};
  auto response = http::json(body, 400);
  for (auto& [name, value] : response.headers) {
    if (name == "Content-Type") value = "application/problem+json";
  }
  return response;
}

// Reads `ca` and `pin`, both of which may be null.
struct Trust {
  std::optional<std::string> ca;
  std::optional<Pin> pin;
};

Trust read_trust(http::Fields& fields) {
  return {.ca = fields.nullable_parsed("ca", parse_ca), .pin = fields.nullable_parsed("pin", Pin::parse)};
}

// The handlers share what they need.
class Routes {
 public:
  Routes(RegistryStore& store, const ServerFacts& server, const Clock& clock, FindPause find_pause,
         RenderSync render_sync, AddTotals add_totals, Examine examine)
      : store_(store),
        server_(server),
        clock_(clock),
        find_pause_(std::move(find_pause)),
        examine_(std::move(examine)),
        render_sync_(std::move(render_sync)),
        add_totals_(std::move(add_totals)) {}

  Result<http::Response> list(const http::Request& request, const Principal& who) const {
    const auto query = request.query();
    if (!query) return pass_on(query);
    const auto page = http::parse_page(*query, 2, {.allowed = {"name", "service"}, .standard = "name"});
    if (!page) return pass_on(page);
    const auto search = to_lower(query->first("q").value_or(""));
    auto registries = store_.list();
    std::erase_if(registries,
                  [&](const Registry& one) { return to_lower(one.name.str()).find(search) == std::string::npos; });
    const auto total = static_cast<std::int64_t>(registries.size());
    const auto next = http::sort_to_page(registries, *page, [&](const Registry& one) {
      return std::vector{page->order.by == "service" ? one.service.str() : one.name.str(), one.name.str()};
    });
    boost::json::array rendered;
    for (const auto& registry : registries) rendered.push_back(render(registry, who));
    return http::page(request, rendered, total, next);
  }

  Result<http::Response> get(const http::Request& request, const Principal& who) const {
    const auto registry = find(request);
    if (!registry) return pass_on(registry);
    return answer(*registry, who);
  }

  Result<http::Response> test(const http::Request& request, const Principal&) const {
    http::Fields fields(request);
    const auto url = fields.parsed("url", RegistryUrl::parse);
    const auto trust = read_trust(fields);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return http::json(render_test(test_address({*url, trust.ca, trust.pin})));
  }

  Result<http::Response> check(const http::Request& request, const Principal&) const {
    const auto registry = find(request);
    if (!registry) return pass_on(registry);
    return http::json(render_test(examine_(*registry)));
  }

  Result<http::Response> add(const http::Request& request, const Principal& who) const {
    http::Fields fields(request);
    const auto name = fields.parsed("name", Label::parse);
    const auto url = fields.parsed("url", RegistryUrl::parse);
    const auto host = fields.nullable_parsed("public", RegistryHost::parse);
    const auto service = fields.nullable_parsed("service", ServiceName::parse);
    const auto key_mode = fields.optional_parsed("key_mode", parse_key_mode);
    const auto trust = read_trust(fields);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);

    const RegistryAddress address{*url, trust.ca, trust.pin};
    const auto tested = test_address(address);
    if (!tested.ok()) return refuse_by_checks(tested, request);
    if (service && service != tested.service) return refuse_service(*tested.service);
    const auto added = store_.add(actor_of(who, request), {.id = RegistryId(0),
                                                           .name = *name,
                                                           .address = address,
                                                           .public_host = host.value_or(url->host()),
                                                           .service = *tested.service,
                                                           .key_mode = key_mode.value_or(KeyMode::x5c)});
    if (!added) return pass_on(added);
    return accounts::with_revision(http::json(render(*added, who), 201), revision_of(*added))
        .with("Location", request.address_of(fmt::format("/api/v1/registries/{}", added->id.value())));
  }

  Result<http::Response> change(const http::Request& request, const Principal& who) const {
    const auto registry = find(request);
    if (!registry) return pass_on(registry);
    const auto expected = accounts::expected_revision(request);
    if (!expected) return pass_on(expected);
    http::Fields fields(request);
    RegistryChange change{.name = fields.optional_parsed("name", Label::parse),
                          .address = {},
                          .public_host = fields.optional_parsed("public", RegistryHost::parse),
                          .service = fields.optional_parsed("service", ServiceName::parse),
                          .key_mode = fields.optional_parsed("key_mode", parse_key_mode)};
    const auto url = fields.optional_parsed("url", RegistryUrl::parse);
    const bool changes_ca = fields.has("ca");
    const bool changes_pin = fields.has("pin");
    const auto trust = read_trust(fields);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);

    auto address = registry->address;
    if (url) address.url = *url;
    if (changes_ca) address.ca = trust.ca;
    if (changes_pin) address.pin = trust.pin;
    if (address != registry->address) {
      // Before the connection is tested, which takes its time, and again when it is written.
      if (auto fits = expected->check(revision_of(*registry)); !fits) return pass_on(fits);
      const auto tested = test_address(address);
      if (!tested.ok()) return refuse_by_checks(tested, request);
      const auto& service = change.service ? *change.service : registry->service;
      if (service != tested.service) return refuse_service(*tested.service);
      change.address = address;
    }
    const auto changed = store_.change(actor_of(who, request), registry->id, change, *expected);
    if (!changed) return pass_on(changed);
    return answer(*changed, who);
  }

  Result<http::Response> remove(const http::Request& request, const Principal& who) const {
    const auto registry = find(request);
    if (!registry) return pass_on(registry);
    const auto expected = accounts::expected_revision(request);
    if (!expected) return pass_on(expected);
    const auto removed = store_.remove(actor_of(who, request), registry->id, *expected);
    if (!removed) return pass_on(removed);
    return http::no_content();
  }

  Result<http::Response> settings(const http::Request& request, const Principal&) const {
    const auto query = request.query();
    if (!query) return pass_on(query);
    const auto service = ServiceName::parse(query->first("service").value_or("Docker registry"));
    if (!service) return refuse(RefusalKind::invalid, service.error().text, "service");
    const auto settings =
        render_settings(realm_of(server_, request), *service, server_.issuer, server_.signing_key.certificate.to_pem());
    return http::json(boost::json::object{{"realm", settings.realm},
                                          {"service", settings.service},
                                          {"issuer", settings.issuer},
                                          {"certificate", settings.certificate},
                                          {"environment", settings.environment},
                                          {"config_yml", settings.config_yml},
                                          {"compose", settings.compose}});
  }

 private:
  http::Response answer(const Registry& registry, const Principal& who) const {
    // The tag is made of what only they see: from it others could guess an address.
    if (!who.reads_everything()) return http::json(render(registry, who));
    auto rendered = render(registry, who);
    add_totals_(rendered, registry.id);
    return accounts::with_revision(http::json(rendered), revision_of(registry));
  }

  Result<Registry> find(const http::Request& request) const {
    const auto id = parse_id<RegistryId>(request.path_parameters.at("id"));
    auto registry = id ? store_.find(*id) : std::nullopt;
    if (!registry) return refuse(RefusalKind::not_found, "there is no such registry");
    return std::move(*registry);
  }

  ConnectionTest test_address(const RegistryAddress& address) const {
    const CheckOptions options{.own_key = server_.signing_key.key.public_key(),
                               .public_url = server_.public_url(),
                               .limits = {.total = std::chrono::seconds(15)}};
    return test_connection(address, options, clock_.now());
  }

  static tl::unexpected<Refusal> refuse_service(const ServiceName& stated) {
    return refuse(RefusalKind::invalid, fmt::format("the registry states the service name \"{}\"", stated.str()),
                  "service");
  }

  boost::json::object render(const Registry& registry, const Principal& who) const {
    boost::json::object rendered{{"id", registry.id.value()},
                                 {"name", registry.name.str()},
                                 {"public", registry.public_host.str()},
                                 {"service", registry.service.str()},
                                 {"paused", render_pause(find_pause_(registry.id))}};
    if (!who.reads_everything()) return rendered;
    rendered["url"] = registry.address.url.str();
    rendered["key_mode"] = render_key_mode(registry.key_mode);
    rendered["ca"] = text_or_null(registry.address.ca);
    rendered["pin"] =
        registry.address.pin ? boost::json::value(registry.address.pin->str()) : boost::json::value(nullptr);
    rendered["sync"] = render_sync_(registry.id);
    return rendered;
  }

  RegistryStore& store_;
  const ServerFacts& server_;
  const Clock& clock_;
  FindPause find_pause_;
  Examine examine_;
  RenderSync render_sync_;
  AddTotals add_totals_;
};

}  // namespace

std::string realm_of(const ServerFacts& server, const http::Request& request) {
  return server.public_url().value_or(request.origin() + server.web_root) + "/token_auth";
}

void mount_routes(http::Router& router, RegistryStore& store, const accounts::Guard& guard, const ServerFacts& server,
                  const Clock& clock, FindPause find_pause, RenderSync render_sync, AddTotals add_totals,
                  Examine examine) {
  using http::Method;
  const auto routes = std::make_shared<const Routes>(store, server, clock, std::move(find_pause),
                                                     std::move(render_sync), std::move(add_totals), std::move(examine));
  using Handle = Result<http::Response> (Routes::*)(const http::Request&, const Principal&) const;
  const auto bind = [routes](Handle handle) {
    return [routes, handle](const http::Request& request, const Principal& who) {
      return (*routes.*handle)(request, who);
    };
  };
  router.add(Method::get, "/api/v1/registries", guard.signed_in(bind(&Routes::list)));
  router.add(Method::post, "/api/v1/registries", guard.administrator(bind(&Routes::add)));
  router.add(Method::post, "/api/v1/registries/test", guard.administrator(bind(&Routes::test)));
  router.add(Method::get, "/api/v1/registries/{id}", guard.signed_in(bind(&Routes::get)));
  router.add(Method::post, "/api/v1/registries/{id}/check", guard.administrator(bind(&Routes::check)));
  router.add(Method::patch, "/api/v1/registries/{id}", guard.administrator(bind(&Routes::change)));
  router.add(Method::del, "/api/v1/registries/{id}", guard.administrator(bind(&Routes::remove)));
  router.add(Method::get, "/api/v1/registry-settings", guard.administrator(bind(&Routes::settings)));
}

}  // namespace spectacles::registries
