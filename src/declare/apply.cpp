#include "declare/apply.h"

#include <algorithm>

#include "declare/execute.h"
#include "declare/passwords.h"
#include "declare/stored.h"

namespace spectacles::declare {
namespace {

// Several queries that belong together: only a transaction sees one state in all of them.
World load_world(db::Database& database) {
  return database.write([](db::Session& session) { return load_stored(session).world; });
}

// Where a value is wrong already, that it is missing is not news; a password may stand in three places.
bool is_same_value(std::string_view wrong, std::string_view missing) {
  if (!wrong.starts_with(missing)) return false;
  const std::string_view rest = wrong.substr(missing.size());
  return rest.empty() || (missing.ends_with(".password") && (rest == "_hash" || rest == "_file"));
}

// What is wrong, found without hashing a single password.
Errors find_errors(const World& now, const Document& document, Prune prune) {
  Errors out = document.errors;
  // An entry whose name cannot be read may be any that pruning would take.
  const Prune surely = document.entries_lost ? Prune::no : prune;
  Errors more;
  const HashOf unchecked = [](const auto&, const auto&, const auto&) { return std::string(); };
  want(now, document, surely, unchecked, more);
  for (Error& error : more) {
    const bool is_known = std::any_of(document.errors.begin(), document.errors.end(), [&](const Error& known) {
      return is_same_value(known.place.path, error.place.path);
    });
    if (!is_known) out.push_back(std::move(error));
  }
  std::stable_sort(out.begin(), out.end(), [](const Error& a, const Error& b) { return a.place.line < b.place.line; });
  return out;
}

}  // namespace

Outcome apply(db::Database& database, accounts::PasswordHasher& hasher, const audit::Recorder& recorder,
              const Clock& clock, const Document& document, const Options& options) {
  const World before = load_world(database);
  if (Errors errors = find_errors(before, document, options.prune); !errors.empty()) return {{}, std::move(errors)};

  Passwords passwords(hasher, options.plan_only ? Passwords::Purpose::plan : Passwords::Purpose::apply);
  passwords.prepare(document, before);
  const HashOf hash_of = [&](const UserName& user, const Secret& password, const std::optional<std::string>& stored) {
    return passwords.hash_for(user, password, stored);
  };
  if (options.plan_only) {
    Outcome out;
    out.plan = compare(before, want(before, document, options.prune, hash_of, out.errors));
    return out;
  }
  // Others may have written since: what counts is what this transaction sees.
  return database.write([&](db::Session& session) {
    const Stored stored = load_stored(session);
    Outcome out;
    const World wanted = want(stored.world, document, options.prune, hash_of, out.errors);
    if (!out.errors.empty()) return out;
    out.plan = compare(stored.world, wanted);
    execute(session, out.plan, stored, recorder, clock.now());
    return out;
  });
}

}  // namespace spectacles::declare
