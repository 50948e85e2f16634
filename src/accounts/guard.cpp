#include "accounts/guard.h"

#include "http/precondition.h"

namespace spectacles::accounts {

std::string session_cookie_name(const http::Request& request) {
  return request.secure ? "__Host-spectacles_session" : "spectacles_session";
}

audit::Actor actor_of(const Principal& principal, const http::Request& request) {
  return {.id = principal.account ? std::optional(principal.account->id) : std::nullopt,
          .name = principal.name(),
          .address = request.remote_address};
}

Result<audit::ExpectedRevision> expected_revision(const http::Request& request) {
  auto tags = http::parse_if_match(request);
  if (!tags) return pass_on(tags);
  return audit::ExpectedRevision(std::move(*tags));
}

http::Response with_revision(http::Response response, const audit::Revision& revision) {
  return std::move(response.with("ETag", http::render_etag(revision.value())));
}

std::optional<SignedIn> Guard::find_session(const http::Request& request) const {
  const auto token = request.cookie(session_cookie_name(request));
  if (!token) return std::nullopt;
  return sessions_.find(Secret(*token));
}

http::Guarded Guard::signed_in(Handler handler) const {
  return require(
      "signed in", [](const Principal&) { return true; }, std::move(handler));
}

http::Guarded Guard::signed_in_unless(std::function<bool()> is_open, Handler handler) const {
  auto guarded = signed_in(handler);
  const auto open = [is_open = std::move(is_open), handler = std::move(handler),
                     closed = std::move(guarded.handler)](const http::Request& request) -> Result<http::Response> {
    if (!request.cookie(session_cookie_name(request)) && is_open()) return handler(request, Principal::anonymous());
    return closed(request);
  };
  return {"signed in, or anybody while that is open", open};
}

http::Guarded Guard::administrator(Handler handler) const {
  return require(
      "administrator", [](const Principal& who) { return who.is_administrator(); }, std::move(handler));
}

http::Guarded Guard::administrator_or_auditor(Handler handler) const {
  return require(
      "administrator or auditor", [](const Principal& who) { return who.reads_everything(); }, std::move(handler));
}

http::Guarded Guard::require(const std::string& policy, bool (*allows)(const Principal&), Handler handler) const {
  const auto guarded = [this, policy, allows,
                        handler = std::move(handler)](const http::Request& request) -> Result<http::Response> {
    const auto session = find_session(request);
    if (!session) return refuse(RefusalKind::unauthenticated, "sign in first");
    if (!allows(session->principal)) return refuse(RefusalKind::forbidden, "this is only for: " + policy);
    return handler(request, session->principal);
  };
  return {policy, guarded};
}

}  // namespace spectacles::accounts
