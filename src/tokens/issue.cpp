#include "tokens/issue.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "names/user_name.h"

namespace spectacles::tokens {
namespace {

// A token travels in a header, and proxies cut headers off at some kilobytes; no client asks for nearly as many.
constexpr std::size_t max_repositories = 500;

tl::unexpected<Refusal> refuse_service(const std::string& service) {
  return refuse(RefusalKind::invalid, fmt::format("no registry here has the service name \"{}\"", service), "service");
}

bool writes(ActionSet actions) {
  return actions.has(Action::push) || actions.has(Action::del);
}

std::vector<audit::Finding> to_findings(const std::vector<access::Finding>& passed_over) {
  std::vector<audit::Finding> findings;
  findings.reserve(passed_over.size());
  for (const auto& [rule, reason] : passed_over) findings.push_back({std::string(access::render_rule(rule)), reason});
  return findings;
}

// The log has what was refused, for who follows it; grants are many, and counted where decisions are kept.
void log_decision(const audit::Decided& decided) {
  const bool refused = decided.verdict() == audit::Verdict::refused;
  if (!refused && !log::writes_debug()) return;
  (refused ? log::info : log::debug)("token decided",
                                     {{"user", decided.user},
                                      {"registry", decided.registry},
                                      {"repository", decided.repository.empty() ? "(catalog)" : decided.repository},
                                      {"requested", audit::render_actions(decided.requested, decided.repository)},
                                      {"granted", audit::render_actions(decided.granted, decided.repository)},
                                      {"rule", decided.rule},
                                      {"reason", decided.reason},
                                      {"address", decided.address},
                                      {"client", decided.client}});
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

  audit::Decided asked{
      .registry_id = registry->id, .registry = registry->name.str(), .address = address, .client = request.client_id};
  const auto who = recognized ? Result<accounts::Principal>(*std::move(recognized)) : authenticate(request, address);
  if (!who) {
    if (who.error().kind == RefusalKind::unauthenticated) {
      record_wrong_credentials(request, *registry, who.error(), asked);
    }
    return pass_on(who);
  }

  const auto requested = parse_scopes(request.scopes, registry->public_host);
  if (requested.repositories.size() > max_repositories) {
    return refuse(RefusalKind::invalid, fmt::format("one token covers at most {} repositories", max_repositories),
                  "scope");
  }
  const auto grounds = find_grounds(registry->id, requested);
  auto name = who->name();
  asked.user = name;
  if (who->account) asked.account = who->account->id;
  const bool may_write = grounds.pause || note_writes(registry->id, requested);
  auto granted = decide(*who, requested, grounds, asked);
  if (!may_write) std::erase_if(granted.repositories, [](const Grant& grant) { return writes(grant.actions); });
  return Approved{registry, std::move(name), std::move(granted)};
}

// All that has to be read, before the first decision is recorded: it may have to begin again where it may wait.
Issuer::Grounds Issuer::find_grounds(RegistryId registry, const RequestedAccess& requested) {
  Grounds grounds{.coverings = {}, .pause = access_.find_pause(registry)};
  grounds.coverings.reserve(requested.repositories.size());
  for (const auto& scope : requested.repositories) {
    grounds.coverings.push_back(access_.find_covering(registry, scope.path));
  }
  return grounds;
}

// Before anything is recorded, since it may have to wait for the database; whatever will be granted, so that nothing
// has to be decided twice. False when a pause began so lately that the decisions will not know of it: they grant
// nothing that writes then.
bool Issuer::note_writes(RegistryId registry, const RequestedAccess& requested) {
  const bool asks_to_write = std::any_of(requested.repositories.begin(), requested.repositories.end(),
                                         [](const RepositoryScope& scope) { return writes(scope.actions); });
  if (!asks_to_write) return true;
  const auto noted = note_write_(registry);
  if (!noted) log::info("token stripped", {{"reason", noted.error().text}});
  return noted.has_value();
}

Result<accounts::Principal> Issuer::authenticate(const TokenRequest& request, const std::string& address) {
  if (!request.credentials) return accounts::Principal::anonymous();
  return authenticator_.authenticate(request.credentials->user, request.credentials->password, address);
}

Granted Issuer::decide(const accounts::Principal& who, const RequestedAccess& requested, const Grounds& grounds,
                       const audit::Decided& asked) {
  Granted granted;
  for (std::size_t at = 0; at < requested.repositories.size(); ++at) {
    const auto& scope = requested.repositories[at];
    const auto actions = decide_on(who, scope, grounds.coverings[at].get(), grounds.pause, asked);
    if (!actions.empty()) granted.repositories.push_back({scope.path, actions});
  }
  if (requested.catalog) granted.catalog = decide_on_catalog(who, asked);
  return granted;
}

ActionSet Issuer::decide_on(const accounts::Principal& who, const RepositoryScope& scope,
                            const access::Namespace* covering, const std::optional<access::Pause>& pause,
                            audit::Decided asked) {
  const auto decision = access::decide_for_token(who, covering, pause, scope.path, scope.actions);
  if (covering != nullptr) {
    asked.ns_id = covering->id;
    asked.ns = covering->name.str();
  }
  asked.repository = scope.path.str();
  asked.requested = decision.requested;
  asked.granted = decision.granted;
  asked.rule = access::render_rule(decision.rule);
  asked.reason = decision.reason;
  asked.passed_over = [&passed_over = decision.passed_over] { return to_findings(passed_over); };
  decisions_.record(asked);
  log_decision(asked);
  return decision.granted;
}

bool Issuer::decide_on_catalog(const accounts::Principal& who, audit::Decided asked) {
  const bool allowed = who.is_administrator();
  asked.requested = ActionSet::all();
  if (allowed) asked.granted = ActionSet::all();
  asked.rule = access::render_rule(allowed ? access::Rule::admin : access::Rule::none);
  asked.reason = "only administrators read the catalog of a whole registry";
  decisions_.record(asked);
  log_decision(asked);
  return allowed;
}

// People type passwords into the wrong field: what does not have the form of a user name is not written down.
void Issuer::record_wrong_credentials(const TokenRequest& request, const registries::Registry& registry,
                                      const Refusal& refusal, audit::Decided asked) {
  const auto user = UserName::parse(request.credentials->user);
  const auto name = user ? user->str() : std::string();
  log::info("token refused", {{"user", user ? name : "(no user name)"},
                              {"registry", asked.registry},
                              {"address", asked.address},
                              {"reason", refusal.text}});
  asked.user = name;
  if (user) asked.account = authenticator_.find_account(*user);
  asked.rule = audit::credentials_rule;
  asked.reason = refusal.text;
  auto requested = parse_scopes(request.scopes, registry.public_host);
  // Who is nobody gets no more than a row for what no token could carry.
  if (requested.repositories.size() > max_repositories) requested.repositories.clear();
  for (const auto& scope : requested.repositories) {
    asked.repository = scope.path.str();
    asked.requested = scope.actions;
    decisions_.record(asked);
  }
  if (!requested.repositories.empty()) return;
  asked.requested = requested.catalog ? ActionSet::all() : ActionSet{};
  decisions_.record(asked);
}

}  // namespace spectacles::tokens
