// The sentence that is signed: the claims and the header of a token, as registries check them (distribution 2.8
// and 3.x). Pure. https://distribution.github.io/distribution/spec/auth/jwt/
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "names/action.h"
#include "names/repository_path.h"
#include "names/service.h"
#include "registries/registry.h"
#include "registries/signing_key.h"

namespace spectacles::tokens {

struct Grant {
  RepositoryPath path;
  ActionSet actions;  // not empty
};

struct Granted {
  std::vector<Grant> repositories;
  bool catalog = false;
};

struct TokenTimes {
  Time issued_at;
  std::chrono::seconds lifetime;
};

// `id` is the jti. Dates are whole seconds; nbf lies a little before iat for registries whose clock is behind; aud is a
// string, since distribution 2.8 takes no list.
std::string render_claims(const std::string& issuer, const ServiceName& service, const std::string& subject,
                          const Granted& granted, const TokenTimes& times, const std::string& id);

// x5c: the key's certificate, and the id by which distribution 2.x knows it. jwks: the RFC 7638 thumbprint alone, since
// a registry that has only a JWKS refuses x5c.
boost::json::object build_header(const registries::SigningKey& key, registries::KeyMode mode);

// "repository:team/app:pull,push registry:catalog:*": what was granted, as scopes; "" for nothing.
std::string render_scope(const Granted& granted);

}  // namespace spectacles::tokens
