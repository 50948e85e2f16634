#include "tokens/issue.h"

#include <fmt/format.h>

#include "base/log.h"
#include "names/user_name.h"

namespace spectacles::tokens {
namespace {

// A token travels in a header, and proxies cut headers off at some kilobytes; no client asks for nearly as many.
constexpr std::size_t max_repositories = 500;

// People type passwords into the wrong field: what does not have the form of a user name is not written down.
std::string loggable(const std::string& user) {
  const auto name = UserName::parse(user);
  return name ? name->str() : "(no user name)";
}

tl::unexpected<Refusal> refuse_service(const std::string& service) {
  return refuse(RefusalKind::invalid, fmt::format("no registry here has the service name \"{}\"", service), "service");
}

}  // namespace

std::optional<accounts::Principal> Issuer::recognize(const TokenRequest& request) {
  if (!request.credentials) return accounts::Principal::anonymous();
  return authenticator_.recognize(request.credentials->user, request.credentials->password);
}

std::shared_ptr<const SignedToken> Issuer::sign(const Approved& approved) {
  return signer_.sign(*approved.registry, approved.subject, approved.granted);
}

Result<Approved> Issuer::approve(const TokenRequest& request, const std::string& address,
                                 std::optional<accounts::Principal> recognized) {
  const auto service = ServiceName::parse(request.service);
  const auto registry = service ? registries_.find(*service) : nullptr;
  if (!registry) return refuse_service(request.service);

  const auto who = recognized ? Result<accounts::Principal>(*std::move(recognized)) : authenticate(request, address);
  if (!who) {
    log::info("token refused", {{"user", loggable(request.credentials->user)},
                                {"registry", registry->name.str()},
                                {"address", address},
                                {"reason", who.error().text}});
    return pass_on(who);
  }

  const auto requested = parse_scopes(request.scopes, registry->public_host);
  if (requested.repositories.size() > max_repositories) {
    return refuse(RefusalKind::invalid, fmt::format("one token covers at most {} repositories", max_repositories),
                  "scope");
  }
  // All that has to be read, before the first decision is recorded.
  for (const auto& scope : requested.repositories) access_.prepare(registry->id, scope.path);
  auto granted = decide(*registry, *who, requested, request, address);
  return Approved{registry, who->name(), std::move(granted)};
}

Result<accounts::Principal> Issuer::authenticate(const TokenRequest& request, const std::string& address) {
  if (!request.credentials) return accounts::Principal::anonymous();
  return authenticator_.authenticate(request.credentials->user, request.credentials->password, address);
}

Granted Issuer::decide(const registries::Registry& registry, const accounts::Principal& who,
                       const RequestedAccess& requested, const TokenRequest& request, const std::string& address) {
  const auto record = [&](std::string_view what, std::string_view asked, std::string_view given, std::string_view rule,
                          std::string_view reason) {
    log::debug("token decided", {{"user", who.name()},
                                 {"registry", registry.name.str()},
                                 {"repository", what},
                                 {"requested", asked},
                                 {"granted", given},
                                 {"rule", rule},
                                 {"reason", reason},
                                 {"address", address},
                                 {"client", request.client_id}});
  };
  Granted granted;
  for (const auto& scope : requested.repositories) {
    const auto decision = access_.decide_on(who, registry.id, scope.path, scope.actions);
    record(scope.path.str(), scope.actions.str(), decision.granted.str(), access::render_rule(decision.rule),
           decision.reason);
    if (!decision.granted.empty()) granted.repositories.push_back({scope.path, decision.granted});
  }
  if (requested.catalog) {
    granted.catalog = who.is_administrator();
    record("(catalog)", "*", granted.catalog ? "*" : "", granted.catalog ? "admin" : "none",
           "only administrators read the catalog of a whole registry");
  }
  return granted;
}

}  // namespace spectacles::tokens
