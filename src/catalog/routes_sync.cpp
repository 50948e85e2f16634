#include <boost/json.hpp>

#include "catalog/routes.h"
#include "http/json.h"

namespace spectacles::catalog {
namespace {

boost::json::value time_or_null(const std::optional<Time>& time) {
  return time ? boost::json::value(render_rfc3339(*time)) : boost::json::value(nullptr);
}

boost::json::value render(const std::optional<SyncProgress>& progress) {
  if (!progress) return nullptr;
  return boost::json::object{{"phase", progress->phase},
                             {"repositories_total", progress->repositories_total},
                             {"repositories_done", progress->repositories_done},
                             {"tags_done", progress->tags_done},
                             {"details_done", progress->details_done},
                             {"missing_total", progress->missing_total},
                             {"missing_done", progress->missing_done}};
}

Result<bool> read_confirmation(const http::Request& request) {
  if (request.body.empty()) return false;
  http::Fields fields(request);
  const auto confirm = fields.optional_boolean("confirm_removals");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  return confirm.value_or(false);
}

}  // namespace

boost::json::value render_sync_state(const SyncState& state) {
  boost::json::object rendered{{"outcome", render_sync_outcome(state.outcome)},
                               {"started_at", time_or_null(state.started_at)},
                               {"finished_at", time_or_null(state.finished_at)},
                               {"complete_at", time_or_null(state.complete_at)},
                               {"requested_at", time_or_null(state.requested_at)}};
  rendered["detail"] = state.detail ? boost::json::value(*state.detail) : boost::json::value(nullptr);
  rendered["progress"] = render(state.progress);
  rendered["braked_at"] = nullptr;
  rendered["vanished"] = nullptr;
  if (state.brake) {
    rendered["braked_at"] = render_rfc3339(state.brake->since);
    rendered["vanished"] =
        boost::json::object{{"repositories", state.brake->repositories}, {"tags", state.brake->tags}};
  }
  return rendered;
}

void mount_sync_routes(http::Router& router, SyncStore& store, const accounts::Guard& guard,
                       std::function<void()> wake) {
  router.add(
      http::Method::post, "/api/v1/registries/{id}/sync",
      guard.administrator([&store, wake = std::move(wake)](const http::Request& request,
                                                           const accounts::Principal& who) -> Result<http::Response> {
        const auto id = parse_id<RegistryId>(request.path_parameters.at("id"));
        if (!id) return refuse(RefusalKind::not_found, "there is no such registry");
        const auto confirm = read_confirmation(request);
        if (!confirm) return pass_on(confirm);
        const auto requested = store.request(accounts::actor_of(who, request), *id, *confirm);
        if (!requested) return pass_on(requested);
        wake();
        return http::json(render_sync_state(store.load_state(*id)), 202);
      }));
}

}  // namespace spectacles::catalog
