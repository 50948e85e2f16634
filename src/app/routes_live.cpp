#include "app/routes.h"
#include "http/feed.h"

namespace spectacles::app {
namespace {

// Where a stream that was cut off goes on: what a browser sends by itself, or what was asked for.
Result<std::optional<LivePosition>> read_position(const http::Request& request) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  for (const auto& [text, field] :
       {std::pair(request.header("last-event-id"), "Last-Event-ID"), std::pair(query->first("cursor"), "cursor")}) {
    if (!text || text->empty()) continue;
    const auto position = LivePosition::parse(*text);
    if (!position) return refuse(RefusalKind::invalid, "this is no id of an event of this stream", field);
    return position;
  }
  return std::nullopt;
}

}  // namespace

void mount_live_routes(http::Router& router, Services& services) {
  const auto listen = [&services](const http::Request& request, const accounts::Principal&) -> Result<http::Response> {
    const auto position = read_position(request);
    if (!position) return pass_on(position);
    const auto session = services.guard.find_session(request);
    if (!session) return refuse(RefusalKind::unauthenticated, "the session is over: sign in again");
    auto feed = services.live.join(*session, *position);
    if (!feed) return pass_on(feed);
    // Proxies pass it on as it comes.
    return std::move(http::feeding(*std::move(feed), "text/event-stream").with("X-Accel-Buffering", "no"));
  };
  router.add(http::Method::get, "/api/v1/live", services.guard.signed_in(listen));
}

}  // namespace spectacles::app
