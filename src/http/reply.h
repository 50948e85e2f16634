// A Response to the bytes that are sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/response.h"

namespace spectacles::http {

// What the bytes depend on besides the Response.
struct ReplyTo {
  std::string_view request_id = {};
  bool without_body = false;  // HEAD: the header tells the length, the body is not sent
  bool is_http_1_0 = false;
  bool keep_alive = true;
  bool is_secure = false;  // the client came by HTTPS, and is told to stay with it (RFC 6797)
};

struct Reply {
  std::string bytes;  // the head and, when it is small, the body, so that it leaves in one packet or TLS record
  std::string large_body;
  std::string_view static_body;
  Stream stream;  // what follows all that, as it is sent: in chunks, or to HTTP/1.0 as it is
  bool keep_alive = true;

  // What follows `bytes`.
  std::string_view rest() const { return static_body.empty() ? std::string_view(large_body) : static_body; }
};

// Adds Date, X-Request-Id, Content-Length or Transfer-Encoding, Connection, and the security headers that every answer
// has unless the handler set them. Throws std::logic_error for a header that is no header of RFC 9110, or one that is
// the server's own.
Reply render_reply(Response response, const ReplyTo& to);

}  // namespace spectacles::http
