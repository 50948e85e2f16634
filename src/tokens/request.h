// A token request, whichever way it came: GET with query and Basic, or POST with a form (the Docker token specification
// and its OAuth2 variant).
// https://distribution.github.io/distribution/spec/auth/token/ and .../oauth/
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace spectacles::tokens {

// What was sent, not judged yet.
struct SentParameters {
  bool is_post = false;
  std::optional<std::string> service;
  std::vector<std::string> scopes;
  std::optional<std::string> account;    // GET: a hint
  std::optional<std::string> client_id;  // for the record
  std::optional<std::string> grant_type;
  std::optional<std::string> username;
  std::optional<Secret> password;
  struct Basic {
    std::string user;
    Secret password;
  };
  std::optional<Basic> basic;
};

struct Credentials {
  std::string user;
  Secret password;
};

struct TokenRequest {
  std::string service;
  std::vector<std::string> scopes;         // values of the parameters, not empty ones
  std::optional<Credentials> credentials;  // none: anonymous
  std::string client_id;
  bool answers_scope = false;  // a POST is told what was granted
};

// Refuses (invalid) a request without a service, with an unknown grant type, or whose parts name different users or
// secrets; (unauthenticated) one with neither credentials nor scopes, and refresh tokens. Who asks is never a
// parameter: `account` may only repeat the user of the credentials.
Result<TokenRequest> check_request(SentParameters sent);

}  // namespace spectacles::tokens
