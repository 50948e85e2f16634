// Policies: what must hold of the caller before a handler runs.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "accounts/account.h"
#include "accounts/session.h"
#include "audit/event.h"
#include "audit/revision.h"
#include "http/router.h"

namespace spectacles::accounts {

// The name of the session's cookie: __Host- binds it to this host over HTTPS, and cannot be used without.
std::string session_cookie_name(const http::Request& request);

// Who acts, for the record.
audit::Actor actor_of(const Principal& principal, const http::Request& request);

// What If-Match says. Refuses (invalid) a header that is none.
Result<audit::ExpectedRevision> expected_revision(const http::Request& request);

// The answer with the ETag of `revision`.
http::Response with_revision(http::Response response, const audit::Revision& revision);

class Guard {
 public:
  using Handler = std::function<Result<http::Response>(const http::Request&, const Principal&)>;

  explicit Guard(SessionStore& sessions) : sessions_(sessions) {}

  std::optional<SignedIn> find_session(const http::Request& request) const;

  http::Guarded signed_in(Handler handler) const;
  // While `is_open()`, who shows no session at all is served too, as nobody. One that is over is refused all the same,
  // so that its owner notices.
  http::Guarded signed_in_unless(std::function<bool()> is_open, Handler handler) const;
  http::Guarded administrator(Handler handler) const;
  http::Guarded administrator_or_auditor(Handler handler) const;

 private:
  http::Guarded require(const std::string& policy, bool (*allows)(const Principal&), Handler handler) const;

  SessionStore& sessions_;
};

}  // namespace spectacles::accounts
