#include "app/routes_health.h"

#include <boost/json/object.hpp>

namespace spectacles::app {
namespace {

using http::Request;
using http::Response;

Response never_kept(Response response) {
  return std::move(response.with("Cache-Control", "no-store"));
}

Response get_alive() {
  return never_kept(http::text("ok\n"));
}

Response get_ready(const Readiness& readiness) {
  if (readiness.database_answers()) return get_alive();
  return never_kept(http::text("the database does not answer\n", 503));
}

Response get_health(const Readiness& readiness) {
  const bool database_answers = readiness.database_answers();
  const boost::json::object checks{{"database", database_answers ? "ok" : "does not answer"}};
  return http::json(boost::json::object{{"status", database_answers ? "ok" : "unavailable"}, {"checks", checks}},
                    database_answers ? 200 : 503);
}

}  // namespace

void mount_health_routes(http::Router& router, const Readiness& readiness) {
  const auto mount = [&](std::string_view path, http::Handler handler) {
    router.add(http::Method::get, std::string(path), http::quick(http::anybody(std::move(handler))));
  };
  mount("/livez", [](const Request&) { return get_alive(); });
  mount("/startupz", [](const Request&) { return get_alive(); });
  mount("/readyz", [&readiness](const Request&) { return get_ready(readiness); });
  mount("/healthz", [&readiness](const Request&) { return get_health(readiness); });
}

}  // namespace spectacles::app
