#include <boost/json.hpp>

#include "accounts/routes.h"
#include "http/json.h"

namespace spectacles::accounts {
namespace {

http::Response answer(const Preferences& preferences) {
  return http::json(boost::json::object{
      {"theme", preferences.theme}, {"density", preferences.density}, {"time_zone", preferences.time_zone}});
}

Result<http::Response> change(PreferenceStore& store, const http::Request& request, const Principal& who) {
  http::Fields fields(request);
  const PreferenceChange change{.theme = fields.optional_parsed("theme", parse_theme),
                                .density = fields.optional_parsed("density", parse_density),
                                .time_zone = fields.optional_parsed("time_zone", parse_time_zone)};
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto changed = store.change(*who.account, change, actor_of(who, request));
  if (!changed) return pass_on(changed);
  return answer(*changed);
}

}  // namespace

void mount_preference_routes(http::Router& router, PreferenceStore& preferences, const Guard& guard) {
  using http::Method;
  using http::Request;
  router.add(Method::get, "/api/v1/preferences",
             guard.signed_in([&preferences](const Request&, const Principal& who) -> Result<http::Response> {
               return answer(preferences.load(who.account->id));
             }));
  router.add(Method::patch, "/api/v1/preferences",
             guard.signed_in([&preferences](const Request& request, const Principal& who) {
               return change(preferences, request, who);
             }));
}

}  // namespace spectacles::accounts
