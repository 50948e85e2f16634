// An answer as handlers give it.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spectacles::http {

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Bytes that outlive the server (embedded files), sent instead of `body` without a copy.
  std::string_view static_body;

  Response& with(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

// application/json, Cache-Control: no-store.
Response json(const boost::json::value& value, int status = 200);

// 204.
Response no_content();

// text/plain; charset=utf-8.
Response text(std::string body, int status = 200);

// application/problem+json of RFC 9457: {"type":"about:blank","title":...,"status":...,"detail":...,"field":...}.
Response problem(const Refusal& refusal);

// The status that belongs to a refusal: invalid 400, unauthenticated 401, forbidden 403, not_found 404, conflict 409,
// too_large 413, unsupported 415, too_many 429, unavailable 503.
int status_of(RefusalKind kind);

struct Cookie {
  std::string name;
  std::string value;
  std::string path = "/";
  bool secure = false;
  std::chrono::seconds max_age{0};  // 0: removes the cookie
};

// A Set-Cookie value: always HttpOnly and SameSite=Lax.
std::string render_cookie(const Cookie& cookie);

}  // namespace spectacles::http
