// The story of a token: which registry, who asks, what he may do there, the signed answer.
#pragma once

#include <string>
#include <vector>

#include "access/store_sql.h"
#include "accounts/authenticate.h"
#include "audit/decision_log.h"
#include "base/result.h"
#include "registries/store_sql.h"
#include "tokens/claims.h"
#include "tokens/request.h"
#include "tokens/scope.h"
#include "tokens/shared_signer.h"

namespace spectacles::tokens {

struct IssuedToken {
  SignedToken token;
  Granted granted;
};

class Issuer {
 public:
  Issuer(registries::RegistryStore& registries, accounts::Authenticator& authenticator, access::AccessStore& access,
         SharedSigner& signer, audit::DecisionLog& decisions)
      : registries_(registries),
        authenticator_(authenticator),
        access_(access),
        signer_(signer),
        decisions_(decisions) {}

  // Whether issue() has to hash a password for this, which takes long.
  bool takes_long(const TokenRequest& request);

  // A token with what was asked for and is allowed, which may be nothing. Refuses (invalid) an unknown service and more
  // repositories than one token can carry, (unauthenticated) credentials that prove nobody, (too_many) who has
  // guessed too often.
  Result<IssuedToken> issue(const TokenRequest& request, const std::string& address);

 private:
  Result<accounts::Principal> authenticate(const TokenRequest& request, const std::string& address);
  Granted decide(const accounts::Principal& who, const RequestedAccess& requested, const audit::Decided& asked);
  ActionSet decide_on(const accounts::Principal& who, const RepositoryScope& scope, audit::Decided asked);
  bool decide_on_catalog(const accounts::Principal& who, audit::Decided asked);
  void record_wrong_credentials(const TokenRequest& request, const registries::Registry& registry,
                                const Refusal& refusal, audit::Decided asked);

  registries::RegistryStore& registries_;
  accounts::Authenticator& authenticator_;
  access::AccessStore& access_;
  SharedSigner& signer_;
  audit::DecisionLog& decisions_;
};

}  // namespace spectacles::tokens
