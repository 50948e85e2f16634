#include "registries/examine.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "registries/printable.h"

namespace spectacles::registries {
namespace {

Check passed(std::string name, std::string detail) {
  return {.name = std::move(name), .outcome = CheckOutcome::passed, .detail = std::move(detail), .advice = {}};
}
Check failed(std::string name, std::string detail, std::string advice) {
  return {std::move(name), CheckOutcome::failed, std::move(detail), std::move(advice)};
}
Check skipped(std::string name, std::string detail) {
  return {.name = std::move(name), .outcome = CheckOutcome::skipped, .detail = std::move(detail), .advice = {}};
}

bool is_clock_off(const ConnectionTest& test) {
  return std::any_of(test.checks.begin(), test.checks.end(), [](const Check& check) {
    return check.name == "clock" && check.outcome != CheckOutcome::passed && check.outcome != CheckOutcome::skipped;
  });
}

std::string advice_for_refused_token(const Registry& registry, bool clock_is_off) {
  if (clock_is_off) return "Set both clocks first: a token that is not good yet, or no longer, is refused.";
  if (registry.key_mode == KeyMode::jwks) {
    return "Give the registry this server's JWKS (REGISTRY_AUTH_TOKEN_JWKS) and restart it; REGISTRY_AUTH_TOKEN_ISSUER "
           "and _SERVICE must be written exactly as here, without quotes in a compose list.";
  }
  return "Give the registry this server's certificate (REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE) and restart it; "
         "REGISTRY_AUTH_TOKEN_ISSUER and _SERVICE must be written exactly as here, without quotes in a compose list.";
}

Check check_token(HttpClient& client, const Registry& registry, const ProofTokens& tokens, bool clock_is_off) {
  const auto answer = client.ask({.path = "/v2/", .accept = {}, .bearer = tokens.without_access(registry)});
  if (!answer) return failed("token", answer.error().text, "Try again; the registry answered a moment ago.");
  if (answer->status == 200) return passed("token", "the registry accepts tokens of this server");
  if (answer->status == 401) {
    return failed("token", "the registry refuses a token of this server",
                  advice_for_refused_token(registry, clock_is_off));
  }
  return failed("token", fmt::format("/v2/ answers {} to a token of this server", answer->status),
                "Look into the log of the registry, and of a proxy before it.");
}

// A repository and a digest that nobody has: both are random, so there is nothing that could be deleted.
Check check_deletes(HttpClient& client, const Registry& registry, const ProofTokens& tokens) {
  const auto random = to_hex(crypto::sha256(crypto::random_token()));
  const auto repository = RepositoryPath::parse("spectacles-check/" + random.substr(0, 32)).value();
  auto token = tokens.to_delete(registry, repository);
  if (!token) return skipped("deletes", token.error().text);
  const auto answer = client.ask({.path = fmt::format("/v2/{}/manifests/sha256:{}", repository.str(), random),
                                  .accept = {},
                                  .bearer = *std::move(token),
                                  .write = HttpWrite{.verb = HttpWrite::Verb::del}});
  if (!answer) return failed("deletes", answer.error().text, "Try again; the registry answered a moment ago.");
  if (answer->status == 404) return passed("deletes", "the registry deletes what it is asked to");
  Check check{.name = "deletes", .outcome = CheckOutcome::warning, .detail = {}, .advice = {}};
  if (answer->status == 405) {
    check.detail = "the registry deletes nothing";
    check.advice = "Set REGISTRY_STORAGE_DELETE_ENABLED=true and restart it, or nothing can be deleted here.";
  } else {
    check.detail = fmt::format("the registry answers {} where it answers 404 or 405", answer->status);
    check.advice = "Look into the log of the registry: it may be read-only.";
  }
  return check;
}

}  // namespace

ConnectionTest examine(const Registry& registry, const CheckOptions& options, const ProofTokens& tokens, Time now) {
  auto test = test_connection(registry.address, options, now);
  if (test.service && test.service != registry.service) {
    for (auto& check : test.checks) {
      if (check.name != "service") continue;
      check = failed(
          "service",
          fmt::format("it calls itself \"{}\" and was added as \"{}\"", test.service->str(), registry.service.str()),
          "Set REGISTRY_AUTH_TOKEN_SERVICE as before, or change the service name here.");
    }
  }
  if (!test.ok()) {
    for (const auto* name : {"token", "deletes"}) test.checks.push_back(skipped(name, "not reached"));
    return test;
  }
  HttpClient client(registry.address, options.own_key, options.limits);
  test.checks.push_back(check_token(client, registry, tokens, is_clock_off(test)));
  const bool accepted = test.ok();
  test.checks.push_back(accepted ? check_deletes(client, registry, tokens) : skipped("deletes", "not reached"));
  return test;
}

}  // namespace spectacles::registries
