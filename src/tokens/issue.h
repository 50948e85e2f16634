// The story of a token: which registry, who asks, what he may do there, the signed answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
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

// Before a token that pushes or deletes at a registry is given out. Refuses (conflict) while the registry is paused.
using NoteWrite = std::function<Result<void>(RegistryId)>;

// What a token will say; who holds one may have it signed.
struct Approved {
  std::shared_ptr<const registries::Registry> registry;
  std::string subject;
  Granted granted;
};

class Issuer {
 public:
  Issuer(registries::RegistryStore& registries, accounts::Authenticator& authenticator, access::AccessStore& access,
         SharedSigner& signer, audit::DecisionLog& decisions, NoteWrite note_write)
      : registries_(registries),
        authenticator_(authenticator),
        access_(access),
        signer_(signer),
        decisions_(decisions),
        note_write_(std::move(note_write)) {}

  // Who asks, if that is known without hashing a password, which takes long.
  std::optional<accounts::Principal> recognize(const TokenRequest& request);

  // What was asked for and is allowed, which may be nothing, to `recognized`, or else to who the credentials prove.
  // Refuses (invalid) an unknown service and more repositories than one token can carry, (unauthenticated) credentials
  // that prove nobody, (too_many) who has guessed too often.
  Result<Approved> approve(const TokenRequest& request, const std::string& address,
                           std::optional<accounts::Principal> recognized = {});

  // Null on a thread that must not wait, when this would take long.
  std::shared_ptr<const SignedToken> sign(const Approved& approved);

 private:
  // What decisions rest on.
  struct Grounds {
    std::vector<std::shared_ptr<const access::Namespace>> coverings;  // one for each repository, null: none covers it
    std::optional<access::Pause> pause;
  };

  Result<accounts::Principal> authenticate(const TokenRequest& request, const std::string& address);
  bool note_writes(RegistryId registry, const RequestedAccess& requested);
  Grounds find_grounds(RegistryId registry, const RequestedAccess& requested);
  Granted decide(const accounts::Principal& who, const RequestedAccess& requested, const Grounds& grounds,
                 const audit::Decided& asked);
  ActionSet decide_on(const accounts::Principal& who, const RepositoryScope& scope, const access::Namespace* covering,
                      const std::optional<access::Pause>& pause, audit::Decided asked);
  bool decide_on_catalog(const accounts::Principal& who, audit::Decided asked);
  void record_wrong_credentials(const TokenRequest& request, const registries::Registry& registry,
                                const Refusal& refusal, audit::Decided asked);

  registries::RegistryStore& registries_;
  accounts::Authenticator& authenticator_;
  access::AccessStore& access_;
  SharedSigner& signer_;
  audit::DecisionLog& decisions_;
  NoteWrite note_write_;
};

}  // namespace spectacles::tokens
