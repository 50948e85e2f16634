#include <boost/json.hpp>

#include "access/routes.h"
#include "http/json.h"
#include "http/web_url.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

http::Response answer(const SettingsStore& store, const Settings& settings) {
  const auto& registry = settings.personal_namespace_registry;
  boost::json::object rendered;
  rendered["personal_namespace_registry"] =
      registry ? boost::json::value(registry->str()) : boost::json::value(nullptr);
  rendered["anonymous_browsing"] = settings.anonymous_browsing;
  rendered["trash_kept_days"] = settings.trash_kept_days;
  rendered["public_url"] = settings.public_url ? boost::json::value(*settings.public_url) : boost::json::value(nullptr);
  rendered["fixed"] = store.is_public_url_fixed() ? boost::json::array{"public_url"} : boost::json::array{};
  return accounts::with_revision(http::json(rendered), settings.revision);
}

Result<http::Response> change(SettingsStore& store, const http::Request& request, const Principal& who) {
  const auto expected = accounts::expected_revision(request);
  if (!expected) return pass_on(expected);
  http::Fields fields(request);
  SettingsChange change;
  const auto registry = fields.nullable_parsed("personal_namespace_registry", Label::parse);
  if (fields.has("personal_namespace_registry")) change.personal_namespace_registry.emplace(registry);
  change.anonymous_browsing = fields.optional_boolean("anonymous_browsing");
  const auto public_url = fields.nullable_parsed("public_url", http::parse_web_url);
  if (fields.has("public_url")) change.public_url.emplace(public_url);
  change.trash_kept_days = fields.optional_integer("trash_kept_days");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto changed = store.change(change, *expected, accounts::actor_of(who, request));
  if (!changed) return pass_on(changed);
  return answer(store, *changed);
}

}  // namespace

void mount_settings_routes(http::Router& router, SettingsStore& store, const accounts::Guard& guard) {
  router.add(http::Method::get, "/api/v1/settings",
             guard.administrator_or_auditor([&store](const http::Request&, const Principal&) -> Result<http::Response> {
               return answer(store, store.load());
             }));
  router.add(http::Method::patch, "/api/v1/settings",
             guard.administrator(
                 [&store](const http::Request& request, const Principal& who) { return change(store, request, who); }));
}

}  // namespace spectacles::access
