#include "http/response.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace spectacles::http {
namespace {

// Characters that end a part of a Set-Cookie value (RFC 6265 section 4.1.1), and all controls.
bool breaks_cookie(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x21 || byte > 0x7e || c == ';' || c == ',' || c == '"' || c == '\\') return true;
  }
  return false;
}

Response render_problem(int status, std::string_view detail, std::string_view field, std::string_view request_id) {
  boost::json::object body;
  body["type"] = "about:blank";
  body["title"] = reason_phrase(status);
  body["status"] = status;
  body["detail"] = detail;
  if (!field.empty()) body["field"] = field;
  if (!request_id.empty()) body["request_id"] = request_id;
  Response response;
  response.status = status;
  response.body = boost::json::serialize(body);
  response.with("Content-Type", "application/problem+json").with("Cache-Control", "no-store");
  return response;
}

}  // namespace

Response later(std::function<Result<Response>()> work, Pool on) {
  Response response;
  response.later_on = on;
  response.later = std::move(work);
  return response;
}

Response streamed(Stream stream, std::string content_type) {
  Response response;
  response.stream = std::move(stream);
  response.with("Content-Type", std::move(content_type)).with("Cache-Control", "no-store");
  return response;
}

Response json(const boost::json::value& value, int status) {
  return json_text(boost::json::serialize(value), status);
}

Response json_text(std::string text, int status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  response.with("Content-Type", "application/json").with("Cache-Control", "no-store");
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response text(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.with("Content-Type", "text/plain; charset=utf-8");
  return response;
}

Response problem(const Refusal& refusal, std::string_view request_id) {
  auto response = render_problem(status_of(refusal.kind), refusal.text, refusal.field, request_id);
  if (refusal.retry_after_seconds > 0) response.with("Retry-After", std::to_string(refusal.retry_after_seconds));
  return response;
}

Response problem(int status, std::string_view detail, std::string_view request_id) {
  return render_problem(status, detail, {}, request_id);
}

int status_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::invalid:
      return 400;
    case RefusalKind::unauthenticated:
      return 401;
    case RefusalKind::forbidden:
      return 403;
    case RefusalKind::not_found:
      return 404;
    case RefusalKind::conflict:
      return 409;
    case RefusalKind::stale:
      return 412;
    case RefusalKind::too_large:
      return 413;
    case RefusalKind::unsupported:
      return 415;
    case RefusalKind::too_many:
      return 429;
    case RefusalKind::unavailable:
      return 503;
  }
  throw std::logic_error("a refusal of no known kind");
}

std::string_view reason_phrase(int status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr Phrase phrases[] = {
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {416, "Range Not Satisfiable"},
      {422, "Unprocessable Content"},
      {428, "Precondition Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  };
  for (const auto& phrase : phrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Unknown";
}

std::string render_cookie(const Cookie& cookie) {
  if (cookie.name.empty() || breaks_cookie(cookie.name) || cookie.name.find('=') != std::string::npos ||
      breaks_cookie(cookie.value) || breaks_cookie(cookie.path)) {
    throw std::invalid_argument("a cookie whose name, value or path holds a character that cookies cannot hold");
  }
  return fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie.name, cookie.value, cookie.path,
                     cookie.max_age.count(), cookie.secure ? "; Secure" : "");
}

}  // namespace spectacles::http
