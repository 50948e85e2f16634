#include "http/same_origin.h"

#include "base/ascii.h"

namespace spectacles::http {
namespace {

bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

// Lower case and without the port that the scheme implies, so that equal origins are equal texts.
std::string canonical(std::string_view text) {
  std::string origin = to_lower(text);
  if (origin.starts_with("https://") && origin.ends_with(":443")) origin.resize(origin.size() - 4);
  if (origin.starts_with("http://") && origin.ends_with(":80")) origin.resize(origin.size() - 3);
  return origin;
}

}  // namespace

Result<void> check_same_origin(const Request& request) {
  if (is_safe(request.method)) return {};
  if (const auto site = request.header("sec-fetch-site")) {
    if (*site == "same-origin" || *site == "none") return {};
    return refuse(RefusalKind::forbidden, "a page of another site sent this request");
  }
  const auto origin = request.header("origin");
  if (!origin || canonical(*origin) == canonical(request.origin())) return {};
  return refuse(RefusalKind::forbidden, "the request comes from " + *origin + ", but this is " + request.origin() +
                                            " (behind a proxy, it must be among the trusted proxies)");
}

}  // namespace spectacles::http
