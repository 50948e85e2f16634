#pragma once

#include "http/router.h"
#include "tokens/issue.h"

namespace spectacles::tokens {

// Paths of the token endpoint: ours, the default of distribution's autoredirect, that of docker_auth.
inline constexpr std::string_view endpoint_paths[] = {"/token_auth", "/auth/token", "/auth"};

// GET, HEAD and POST on each of them. `issuer` must outlive the router.
void mount_endpoint(http::Router& router, Issuer& issuer);

}  // namespace spectacles::tokens
