#include <boost/json.hpp>

#include "http/json.h"
#include "removal/retention_rules.h"
#include "removal/routes.h"

namespace spectacles::removal {
namespace {

using accounts::Principal;

constexpr std::size_t most_shown = 5000;

Result<access::VisibleNamespace> find_visible(const RouteContext& context, const http::Request& request,
                                              const Principal& who) {
  const auto id = parse_id<NamespaceId>(request.path_parameters.at("id"));
  auto found = id ? context.namespaces.find_visible(*id, who) : std::nullopt;
  if (!found) return refuse(RefusalKind::not_found, "there is no such namespace");
  return std::move(*found);
}

Result<access::VisibleNamespace> find_manageable(const RouteContext& context, const http::Request& request,
                                                 const Principal& who) {
  auto found = find_visible(context, request, who);
  if (found && !found->manageable) {
    return refuse(RefusalKind::forbidden, "only the owner of the namespace and administrators may do this");
  }
  return found;
}

boost::json::object render(const Retention& retention) {
  auto rendered = render(retention.rules);
  rendered["enabled"] = retention.enabled;
  rendered["ran_at"] =
      retention.ran_at ? boost::json::value(render_rfc3339(*retention.ran_at)) : boost::json::value(nullptr);
  rendered["removed"] = retention.removed;
  rendered["failed"] = retention.failed;
  rendered["detail"] = retention.detail ? boost::json::value(*retention.detail) : boost::json::value(nullptr);
  return rendered;
}

// The members `rules` and `protected` of a body.
Result<RetentionRules> read_rules(http::Fields& fields) {
  boost::json::object json;
  if (auto rules = fields.optional_array("rules")) json["rules"] = std::move(*rules);
  if (auto tags = fields.optional_array("protected")) json["protected"] = std::move(*tags);
  return parse_retention_rules(json);
}

Result<http::Response> get(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto visible = find_visible(context, request, who);
  if (!visible) return pass_on(visible);
  return http::json(render(context.retention.load(visible->ns.id)));
}

Result<http::Response> put(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto visible = find_manageable(context, request, who);
  if (!visible) return pass_on(visible);
  http::Fields fields(request);
  const auto rules = read_rules(fields);
  const auto enabled = fields.optional_boolean("enabled");
  const auto dry_run = fields.nullable_text("dry_run");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  if (!rules) return pass_on(rules);
  const auto subject = visible->registry_name.str() + ": " + visible->ns.name.str();
  const auto saved = context.retention.save(visible->ns, subject, *rules, enabled.value_or(false), dry_run,
                                            accounts::actor_of(who, request));
  if (!saved) return pass_on(saved);
  return http::json(render(*saved));
}

boost::json::object render(const RetainedTag& tag, const Verdict& verdict) {
  return {{"repository", tag.repository.str()},          {"tag", tag.tag.str()},         {"digest", tag.digest.str()},
          {"verdict", verdict.goes ? "delete" : "keep"}, {"tag_only", verdict.tag_only}, {"reason", verdict.reason}};
}

Result<http::Response> dry_run(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto visible = find_manageable(context, request, who);
  if (!visible) return pass_on(visible);
  http::Fields fields(request);
  const bool gives_rules = fields.has("rules") || fields.has("protected");
  auto rules = read_rules(fields);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  if (!rules) return pass_on(rules);
  if (!gives_rules) rules = context.retention.load(visible->ns.id).rules;

  const auto tags = context.retention.tags(visible->ns, *context.access.namespaces());
  const auto verdicts = plan_retention(*rules, tags, context.clock.now());
  boost::json::array shown;
  std::int64_t going = 0;
  for (const bool goes : {true, false}) {
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (verdicts[i].goes != goes) continue;
      going += goes ? 1 : 0;
      if (shown.size() < most_shown) shown.push_back(render(tags[i], verdicts[i]));
    }
  }
  context.retention.note_dry_run(visible->ns.id, *rules);
  return http::json(boost::json::object{{"digest", digest_of(*rules)},
                                        {"deleted", going},
                                        {"kept", static_cast<std::int64_t>(tags.size()) - going},
                                        {"tags", std::move(shown)}});
}

}  // namespace

void mount_retention_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard) {
  using http::Method;
  const auto signed_in = [&](auto handler) {
    return guard.signed_in([context, handler](const http::Request& request, const Principal& who) {
      return handler(context, request, who);
    });
  };
  router.add(Method::get, "/api/v1/namespaces/{id}/retention", signed_in(get));
  router.add(Method::put, "/api/v1/namespaces/{id}/retention", signed_in(put));
  router.add(Method::post, "/api/v1/namespaces/{id}/retention/dry-run", signed_in(dry_run));
}

}  // namespace spectacles::removal
