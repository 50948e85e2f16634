// Asks one registry over HTTP. Trusts it with nothing: times and sizes are bounded, redirects are not followed,
// certificates are always verified, addresses where secrets of this machine are served are never contacted.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/secret.h"
#include "crypto/key.h"
#include "registries/registry.h"
#include "registries/tls.h"

namespace spectacles::registries {

struct HttpLimits {
  std::chrono::milliseconds connect{5000};
  std::chrono::seconds total{60};
  std::chrono::seconds slow{10};  // how long an answer may come slower than slow_bytes a second
  long slow_bytes = 100;
  std::size_t body_bytes = std::size_t{8} * 1024 * 1024;
  std::size_t header_bytes = std::size_t{64} * 1024;
};

// Something to be changed at the registry. A body is at most as long as that of an answer may be.
struct HttpWrite {
  enum class Verb { put, del };
  Verb verb;
  std::string content_type = {};  // of the body of a PUT
  std::string body = {};
};

struct HttpQuestion {
  bool head = false;  // HEAD instead of GET
  std::string path;   // from the '/', with the query
  std::vector<std::string> accept;
  std::optional<Secret> bearer;
  std::optional<std::string> unless_digest = {};          // If-None-Match: 304 instead of what is known already
  std::size_t most_bytes = std::size_t{8} * 1024 * 1024;  // of the body, and never more than the limits say
  std::optional<HttpWrite> write = {};                    // PUT or DELETE instead of GET
  bool first_byte = false;                                // of the body no more is wanted, however long it is
};

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // The first header of this name (lower case), or nothing.
  const std::string* find(std::string_view name) const;
};

// Where it went wrong; what comes before has succeeded.
enum class HttpStage { address, dns, tcp, tls, http };

struct HttpFailure {
  HttpStage stage;
  std::string text;  // for people, bounded, without control characters
};

// Not for use by two threads at once. Keeps its connection open between questions.
class HttpClient {
 public:
  // `own_key` is the public half of our signing key. A stop that is asked for ends a question within about a second.
  HttpClient(const RegistryAddress& address, std::optional<crypto::PublicKey> own_key, HttpLimits limits = {},
             std::stop_token stop = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any status is an answer; a failure is no answer at all.
  tl::expected<HttpAnswer, HttpFailure> ask(const HttpQuestion& question);

  const std::optional<SeenCertificate>& certificate() const;  // of the last handshake, also of a failed one
  std::string connected_to() const;                           // the IP address of the last connection, or ""

 private:
  class Transfer;
  std::unique_ptr<Transfer> transfer_;
};

}  // namespace spectacles::registries
