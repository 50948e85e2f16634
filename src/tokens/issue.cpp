#include "tokens/issue.h"

#include <fmt/format.h>

#include <algorithm>

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

bool Issuer::takes_long(const TokenRequest& request) {
  return request.credentials && !authenticator_.knows(request.credentials->user, request.credentials->password);
}

Result<IssuedToken> Issuer::issue(const TokenRequest& request, const std::string& address) {
  const auto service = ServiceName::parse(request.service);
  const auto registry = service ? registries_.find(*service) : nullptr;
  if (!registry) return refuse_service(request.service);

  const auto who = authenticate(request, address);
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
  auto granted = decide(*registry, *who, requested, request, address);
  note_writes(*registry, granted);
  auto token = signer_.sign(*registry, who->name(), granted);
  return IssuedToken{std::move(token), std::move(granted)};
}

// A pause that began since the decision takes away what that has granted.
void Issuer::note_writes(const registries::Registry& registry, Granted& granted) {
  const auto writes = [](const Grant& grant) {
    return grant.actions.has(Action::push) || grant.actions.has(Action::del);
  };
  if (std::none_of(granted.repositories.begin(), granted.repositories.end(), writes)) return;
  const auto noted = note_write_(registry.id);
  if (noted) return;
  log::info("token stripped", {{"registry", registry.name.str()}, {"reason", noted.error().text}});
  std::erase_if(granted.repositories, writes);
}

Result<accounts::Principal> Issuer::authenticate(const TokenRequest& request, const std::string& address) {
  if (!request.credentials) return accounts::Principal::anonymous();
  return authenticator_.authenticate(request.credentials->user, request.credentials->password, address);
}

Granted Issuer::decide(const registries::Registry& registry, const accounts::Principal& who,
                       const RequestedAccess& requested, const TokenRequest& request, const std::string& address) {
  const auto record = [&](std::string_view what, std::string_view asked, std::string_view given, std::string_view rule,
                          std::string_view reason) {
    log::info("token decided", {{"user", who.name()},
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
