// A request as handlers see it: whole, bounded, decoded; nothing of the wire is left in it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace spectacles::http {

enum class Method { get, head, post, put, patch, del, options, other };

std::string_view render_method(Method method);  // "GET", ..., "DELETE"

// Decoded name and value pairs in the order in which they were sent; a name may repeat.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {}

  // application/x-www-form-urlencoded as the WHATWG URL standard parses it ("+" is a space), also for query strings.
  // Refuses what is not valid percent-encoding, is not UTF-8, or holds NUL.
  static Result<Parameters> parse_form(std::string_view text);

  std::optional<std::string> first(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  bool has(std::string_view name) const { return first(name).has_value(); }
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

// Credentials of RFC 7617. The user may be empty; the password may hold ':'.
struct Basic {
  std::string user;
  Secret password;
};

struct Request {
  Method method = Method::get;
  std::string path;       // percent-decoded, starts with '/', holds no "." or ".." segment, no NUL; WEB_ROOT is cut off
  std::string web_root;   // what was cut off, for the addresses in answers; "" or "/prefix"
  std::string raw_query;  // as sent, without the '?'
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string remote_address;  // of the client: the peer, or what a trusted proxy says
  std::string host;            // host[:port] that the client used: X-Forwarded-Host of a trusted proxy, else Host
  bool secure = false;         // HTTPS at this server or at a trusted proxy
  std::string id;              // unique; in logs and answers (X-Request-Id)
  std::map<std::string, std::string, std::less<>> path_parameters;  // {id} of the route that matched

  std::optional<std::string> header(std::string_view lower_case_name) const;  // the first of that name

  // Content-Type without its parameters, in lower case; empty when there is none.
  std::string media_type() const;

  Result<Parameters> query() const { return Parameters::parse_form(raw_query); }

  // The body as a form; refuses (unsupported) another media type than application/x-www-form-urlencoded.
  Result<Parameters> form() const;

  // The Authorization header: nothing when there is none; refused (unauthenticated) when there are two, when its scheme
  // is not Basic (case-insensitive) or what follows is not base64 of UTF-8 with a colon and without control characters.
  Result<std::optional<Basic>> basic() const;

  // The first cookie of that name, as it was sent (RFC 6265 section 4.2.1).
  std::optional<std::string> cookie(std::string_view name) const;

  // "https://host[:port]": where the client reached this server.
  std::string origin() const { return (secure ? "https://" : "http://") + host; }

  // The path of another resource of this server as the client has to ask for it.
  std::string address_of(std::string_view other_path) const { return web_root + std::string(other_path); }
};

}  // namespace spectacles::http
