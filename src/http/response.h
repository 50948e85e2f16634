// An answer as handlers give it.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spectacles::http {

// The next part of a body that is made while it is sent, nothing at its end. Each part is made on a worker once the one
// before it was taken by the network, so that between two of them a slow client costs no thread; it must not keep
// anything that others wait for. Throwing cuts the answer off in a way that the client notices.
using Stream = std::function<std::optional<std::string>()>;

// Where an answer is found: workers wait for the database; hashers are for what takes a processor for long (passwords).
enum class Pool { workers, hashers };

struct Response {
  // The real answer, to be found on threads of `later_on`, so that this one is free for others. The rest of this
  // response does not count then. It may refer to the request, which stays until it is answered.
  std::function<Result<Response>()> later = {};
  Pool later_on = Pool::hashers;

  int status = 200;
  // Written as they are. Content-Length, Connection, Transfer-Encoding, Date and X-Request-Id are the server's own.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Bytes that outlive the server (embedded files), sent instead of `body` without a copy.
  std::string_view static_body;
  Stream stream = {};  // instead of both

  Response& with(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

// A response whose real answer `work` gives.
Response later(std::function<Result<Response>()> work, Pool on = Pool::hashers);

// 200 with a body that is made while it is sent; Cache-Control: no-store.
Response streamed(Stream stream, std::string content_type);

// application/json, Cache-Control: no-store.
Response json(const boost::json::value& value, int status = 200);

// The same for text that is JSON.
Response json_text(std::string text, int status = 200);

// 204.
Response no_content();

// text/plain; charset=utf-8.
Response text(std::string body, int status = 200);

// application/problem+json of RFC 9457: {"type":"about:blank","title":...,"status":...,"detail":...,"field":...}, and
// "request_id" when it is given.
Response problem(const Refusal& refusal, std::string_view request_id = {});

// The same for a status that belongs to no refusal.
Response problem(int status, std::string_view detail, std::string_view request_id);

// "Not Found" of 404 (RFC 9110 section 15); "Unknown" for a status that is not used here.
std::string_view reason_phrase(int status);

// The status that belongs to a refusal: invalid 400, unauthenticated 401, forbidden 403, not_found 404, conflict 409,
// stale 412, too_large 413, unsupported 415, too_many 429, unavailable 503.
int status_of(RefusalKind kind);

struct Cookie {
  std::string name;
  std::string value;
  std::string path = "/";
  bool secure = false;
  std::chrono::seconds max_age{0};  // 0: removes the cookie
};

// A Set-Cookie value: always HttpOnly and SameSite=Lax. Throws std::invalid_argument for a name, value or path that
// would break out of it.
std::string render_cookie(const Cookie& cookie);

}  // namespace spectacles::http
