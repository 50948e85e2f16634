#include "registries/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "registries/challenge.h"
#include "registries/net_address.h"
#include "registries/printable.h"

namespace spectacles::registries {
namespace {

constexpr std::array<std::string_view, 8> check_names{"address",   "dns",   "tcp",     "tls",
                                                      "challenge", "realm", "service", "clock"};

// Fills in the checks in their order; those that are never reached stay skipped.
class Report {
 public:
  Report() {
    for (const auto name : check_names)
      result_.checks.push_back({std::string(name), CheckOutcome::skipped, "not reached", ""});
  }

  void set(std::string_view name, CheckOutcome outcome, std::string detail, std::string advice = {}) {
    auto found =
        std::find_if(result_.checks.begin(), result_.checks.end(), [&](const Check& c) { return c.name == name; });
    found->outcome = outcome;
    found->detail = std::move(detail);
    found->advice = std::move(advice);
  }
  void pass(std::string_view name, std::string detail) { set(name, CheckOutcome::passed, std::move(detail)); }
  void fail(std::string_view name, std::string detail, std::string advice) {
    set(name, CheckOutcome::failed, std::move(detail), std::move(advice));
  }
  void warn(std::string_view name, std::string detail, std::string advice) {
    set(name, CheckOutcome::warning, std::move(detail), std::move(advice));
  }

  ConnectionTest& result() { return result_; }

 private:
  ConnectionTest result_;
};

std::string advice_for(HttpStage stage, bool saw_certificate) {
  switch (stage) {
    case HttpStage::address:
      return "Give the address under which the registry itself listens.";
    case HttpStage::dns:
      return "Check the spelling of the name, and that this machine can look it up.";
    case HttpStage::tcp:
      return "Check host and port, that the registry runs, and that no firewall is in between.";
    case HttpStage::tls:
      return saw_certificate
                 ? "Give the authority that signed it, or compare the fingerprint at the registry and pin it."
                 : "The registry may speak plain HTTP on this port: try http://.";
    case HttpStage::http:
      return "What answers may not be a registry, or it speaks HTTPS: try https://.";
  }
  return {};
}

void judge_certificate(Report& report, const RegistryAddress& address, Time now) {
  const auto& seen = report.result().certificate;
  if (!address.url.is_https()) {
    report.set("tls", CheckOutcome::skipped, "the address is http://: nothing is encrypted");
  } else if (seen && seen->not_after < now) {
    report.warn("tls", "the certificate is trusted but expired on " + render_rfc3339(seen->not_after),
                "Clients refuse an expired certificate: renew it.");
  } else {
    report.pass("tls", seen ? "the certificate is trusted: " + seen->subject : "the certificate is trusted");
  }
}

// Marks what succeeded before `reached`.
void report_stages(Report& report, const RegistryAddress& address, const HttpClient& client, HttpStage reached) {
  report.pass("address", address.url.str());
  if (reached > HttpStage::dns) report.pass("dns", "the name " + host_name(address.url) + " is known");
  if (reached > HttpStage::tcp) report.pass("tcp", "connected to " + client.connected_to());
}

void report_failure(Report& report, const HttpFailure& failure) {
  const auto place = failure.stage == HttpStage::http ? std::size_t{4} : static_cast<std::size_t>(failure.stage);
  report.fail(check_names.at(place), failure.text, advice_for(failure.stage, report.result().certificate.has_value()));
}

std::vector<Challenge> read_challenges(const HttpAnswer& answer) {
  std::vector<Challenge> all;
  for (const auto& [name, value] : answer.headers) {
    if (name != "www-authenticate") continue;
    if (auto parsed = parse_challenges(value)) all.insert(all.end(), parsed->begin(), parsed->end());
  }
  return all;
}

const Challenge* find_scheme(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto found =
      std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& c) { return c.scheme == scheme; });
  return found == challenges.end() ? nullptr : &*found;
}

constexpr std::string_view paste_advice =
    "Paste the settings shown on this page into the registry's configuration and "
    "restart it.";

void explain_missing_challenge(Report& report, const HttpAnswer& answer, const std::vector<Challenge>& challenges) {
  const std::string advice(paste_advice);
  if (answer.status == 200) {
    report.fail("challenge", "the registry asks nobody for a token: everybody may do everything", advice);
  } else if (find_scheme(challenges, "basic")) {
    report.fail("challenge", "the registry checks passwords itself (Basic, an htpasswd file), it asks for no token",
                advice);
  } else if (answer.status >= 300 && answer.status < 400) {
    report.fail("challenge", fmt::format("/v2/ answers {}, a redirect, which is not followed", answer.status),
                "Give the address that it leads to, without a path.");
  } else if (answer.status == 401) {
    report.fail("challenge", "/v2/ answers 401 without a Bearer challenge that can be read", advice);
  } else {
    report.fail("challenge", fmt::format("/v2/ answers {} where a registry answers 401", answer.status),
                "What answers may not be a registry: check host and port.");
  }
}

// Scheme and host[:port] of an absolute http or https address; nothing for others.
std::optional<std::string> origin_of(std::string_view url) {
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return std::nullopt;
  const auto parsed = RegistryUrl::parse(url.substr(0, url.find_first_of("/?#", scheme)));
  if (!parsed) return std::nullopt;
  return parsed->str();
}

bool has_token_path(std::string_view realm) {
  static constexpr std::array<std::string_view, 3> paths{"/token_auth", "/auth/token", "/auth"};
  return std::any_of(paths.begin(), paths.end(), [&](std::string_view path) { return realm.ends_with(path); });
}

void judge_realm(Report& report, const Challenge& challenge, const RegistryAddress& address,
                 const CheckOptions& options) {
  const auto* realm = challenge.find("realm");
  const auto origin = realm ? origin_of(*realm) : std::nullopt;
  if (!origin) {
    report.fail("realm", realm ? "the realm is no http or https address: " + printable(*realm) : "there is no realm",
                "Set REGISTRY_AUTH_TOKEN_REALM to the address of this server's /token_auth.");
    return;
  }
  report.result().realm = printable(*realm, 2000);
  const auto shown = printable(*realm);
  if (options.public_url && origin_of(*options.public_url) != origin) {
    report.warn(
        "realm", shown + " is not on " + printable(*options.public_url) + ", the address of this server",
        "If clients do not reach this server under the realm, set REGISTRY_AUTH_TOKEN_REALM to its /token_auth.");
  } else if (!has_token_path(*realm)) {
    report.warn("realm", shown + " does not end in /token_auth, /auth/token or /auth, where this server answers",
                "Set REGISTRY_AUTH_TOKEN_REALM to the address of this server's /token_auth.");
  } else if (address.url.is_https() && origin->starts_with("http:")) {
    report.warn("realm", shown + " is http:// for a registry with https://",
                "Some clients refuse that: give it https://.");
  } else {
    report.pass("realm", shown);
  }
}

// IMF-fixdate of RFC 9110, section 5.6.7: what every server sends today.
std::optional<Time> parse_http_date(const std::string& text) {
  std::tm parts{};
  const auto* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return from_millis(std::int64_t{::timegm(&parts)} * 1000);
}

// A token is good a little before and after its time, and no longer.
void judge_clock(Report& report, const HttpAnswer& answer, Time now) {
  constexpr std::chrono::seconds tolerated{30};
  const auto* header = answer.find("date");
  const auto date = header ? parse_http_date(*header) : std::nullopt;
  if (!date) {
    report.set("clock", CheckOutcome::skipped, "the registry does not say what time it is");
    return;
  }
  const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(*date - now);
  if (ahead >= -tolerated && ahead <= tolerated) {
    report.pass("clock", "the clocks of the registry and of this server agree");
  } else {
    report.warn(
        "clock",
        fmt::format("the clock of the registry is {} seconds {} that of this server",
                    ahead.count() < 0 ? -ahead.count() : ahead.count(), ahead.count() < 0 ? "behind" : "ahead of"),
        "Set both by NTP: tokens are refused when they differ by more than a minute.");
  }
}

void judge_service(Report& report, const Challenge& challenge) {
  const auto* service = challenge.find("service");
  if (!service) {
    report.fail("service", "the challenge names no service", "Set REGISTRY_AUTH_TOKEN_SERVICE.");
    return;
  }
  auto parsed = ServiceName::parse(*service);
  if (!parsed) {
    report.fail("service", "the registry calls itself " + printable(*service), parsed.error().text);
    return;
  }
  report.pass("service", parsed->str());
  report.result().service = *parsed;
}

}  // namespace

std::string_view render_check_outcome(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::passed:
      return "passed";
    case CheckOutcome::failed:
      return "failed";
    case CheckOutcome::warning:
      return "warning";
    case CheckOutcome::skipped:
      return "skipped";
  }
  return {};
}

bool ConnectionTest::ok() const {
  return std::none_of(checks.begin(), checks.end(), [](const Check& c) { return c.outcome == CheckOutcome::failed; });
}

ConnectionTest test_connection(const RegistryAddress& address, const CheckOptions& options, Time now) {
  Report report;
  HttpClient client(address, options.own_key, options.limits);
  const auto answer = client.ask({.path = "/v2/", .accept = {}, .bearer = {}});
  report.result().certificate = client.certificate();

  const auto reached = answer ? HttpStage::http : answer.error().stage;
  report_stages(report, address, client, reached);
  if (reached == HttpStage::http) judge_certificate(report, address, now);
  if (!answer) {
    report_failure(report, answer.error());
    return std::move(report.result());
  }
  judge_clock(report, *answer, now);
  const auto challenges = read_challenges(*answer);
  const auto* bearer = find_scheme(challenges, "bearer");
  if (answer->status != 401 || !bearer) {
    explain_missing_challenge(report, *answer, challenges);
    return std::move(report.result());
  }
  report.pass("challenge", "the registry asks for a token");
  judge_realm(report, *bearer, address, options);
  judge_service(report, *bearer);
  return std::move(report.result());
}

}  // namespace spectacles::registries
