// The story of a token: which registry, who asks, what he may do there, the signed answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "access/store_sql.h"
#include "accounts/authenticate.h"
#include "base/result.h"
#include "registries/store_sql.h"
#include "tokens/claims.h"
#include "tokens/request.h"
#include "tokens/scope.h"
#include "tokens/shared_signer.h"

namespace spectacles::tokens {

// Before a token that pushes or deletes at a registry is given out. Refuses (conflict) while the registry is paused.
using NoteWrite = std::function<Result<void>(RegistryId)>;

struct IssuedToken {
  SignedToken token;
  Granted granted;
};

class Issuer {
 public:
  Issuer(registries::RegistryStore& registries, accounts::Authenticator& authenticator, access::AccessStore& access,
         SharedSigner& signer, NoteWrite note_write)
      : registries_(registries),
        authenticator_(authenticator),
        access_(access),
        signer_(signer),
        note_write_(std::move(note_write)) {}

  // Whether issue() has to hash a password for this, which takes long.
  bool takes_long(const TokenRequest& request);

  // A token with what was asked for and is allowed, which may be nothing. Refuses (invalid) an unknown service and more
  // repositories than one token can carry, (unauthenticated) credentials that prove nobody, (too_many) who has
  // guessed too often.
  Result<IssuedToken> issue(const TokenRequest& request, const std::string& address);

 private:
  Result<accounts::Principal> authenticate(const TokenRequest& request, const std::string& address);
  Granted decide(const registries::Registry& registry, const accounts::Principal& who, const RequestedAccess& requested,
                 const TokenRequest& request, const std::string& address);
  void note_writes(const registries::Registry& registry, Granted& granted);

  registries::RegistryStore& registries_;
  accounts::Authenticator& authenticator_;
  access::AccessStore& access_;
  SharedSigner& signer_;
  NoteWrite note_write_;
};

}  // namespace spectacles::tokens
