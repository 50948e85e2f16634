#include "http/fault.h"

#include "base/log.h"
#include "base/too_much.h"

namespace spectacles::http {
namespace {

constexpr std::string_view retry_after_seconds = "5";

constexpr auto* not_now = "something this server needs does not answer now; try again in a moment";
constexpr auto* too_much = "the database took too long over this; ask for less at once, such as a shorter time";

void log_fault(const Request& request, std::string_view reason) {
  log::error("request failed", {{"request", request.id}, {"path", request.path}, {"reason", reason}});
}

Response something_wrong(const Request& request) {
  return problem(500, "something went wrong on this side; the log has more under this request_id", request.id);
}

}  // namespace

Response answer_fault(const Request& request, const std::exception& fault) {
  log_fault(request, fault.what());
  if (dynamic_cast<const Unavailable*>(&fault) == nullptr) return something_wrong(request);
  auto response = problem(503, dynamic_cast<const TooMuch*>(&fault) != nullptr ? too_much : not_now, request.id);
  response.with("Retry-After", std::string(retry_after_seconds));
  return response;
}

Response answer_unknown_fault(const Request& request) {
  log_fault(request, "unknown");
  return something_wrong(request);
}

}  // namespace spectacles::http
