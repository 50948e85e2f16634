// What happened: who did what to what, from where, with which outcome.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/clock.h"
#include "names/ids.h"

namespace spectacles::audit {

// Who acts, and from where: handed from the edge (a request, the command line) to whoever records.
struct Actor {
  std::optional<AccountId> id;  // nothing: nobody signed in, or the operator at the command line
  std::string name;             // a user name, "" for nobody, "(command line)", "(background)"
  std::string address;          // "" where there is none

  static Actor command_line() { return {.id = {}, .name = "(command line)", .address = ""}; }
};

enum class Outcome { done, refused };

std::string_view render_outcome(Outcome outcome);

struct Event {
  std::string action;   // "<kind>.<past participle>": "session.created", "namespace.changed"
  std::string subject;  // the name of what it was done to: "alice", "main: team"
  Outcome outcome = Outcome::done;
  std::optional<NamespaceId> ns = {};   // where it happened, for the owner to see
  boost::json::value before = nullptr;  // never holds a secret
  boost::json::value after = nullptr;
};

}  // namespace spectacles::audit
