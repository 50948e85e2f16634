// What the token endpoint decided about one thing that was asked for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "names/action.h"
#include "names/ids.h"

namespace spectacles::audit {

// Refused: anything that was asked for is missing.
enum class Verdict { granted, refused };

std::string_view render_verdict(Verdict verdict);  // "granted", "refused"

// The rules that a record may name: those of access/decide, and "credentials" for who could not prove who he is.
bool is_rule(std::string_view text);
inline constexpr std::string_view credentials_rule = "credentials";

// A rule that was passed over, and why.
struct Finding {
  std::string rule;
  std::string reason;

  bool operator==(const Finding&) const = default;
};

// A decision as it is told: nothing is copied unless it has to be kept.
struct Decided {
  std::optional<AccountId> account = {};
  std::string_view user = {};  // "" for nobody who was signed in
  RegistryId registry_id;
  std::string_view registry;
  std::optional<NamespaceId> ns_id = {};
  std::string_view ns = {};          // "" when none covers the repository
  std::string_view repository = {};  // "" for the catalog, of which there is only all
  ActionSet requested = {};
  ActionSet granted = {};
  std::string_view rule = {};
  std::string_view reason = {};
  std::function<std::vector<Finding>()> passed_over = {};
  std::string_view address = {};
  std::string_view client = {};

  Verdict verdict() const { return granted == requested ? Verdict::granted : Verdict::refused; }
};

// A decision as it is kept; of equal grants of one hour their sum, with what the last one of them said.
struct Decision {
  Time at;       // of the first
  Time last_at;  // of the last
  std::int64_t count = 1;
  Verdict verdict = Verdict::refused;
  std::optional<AccountId> account;
  std::string user;
  RegistryId registry_id;
  std::string registry;
  std::optional<NamespaceId> ns_id;
  std::string ns;
  std::string repository;
  ActionSet requested;
  ActionSet granted;
  std::string rule;
  std::string reason;
  std::vector<Finding> passed_over;  // of refusals alone
  std::string address;
  std::string client;

  bool operator==(const Decision&) const = default;
};

Time hour_of(Time time);

// "pull,push", "" for nothing; of the catalog "*" for all.
std::string render_actions(ActionSet actions, std::string_view repository);
ActionSet parse_recorded_actions(std::string_view text);

}  // namespace spectacles::audit
