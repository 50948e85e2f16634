#include "access/store_sql.h"

#include <fmt/format.h>

#include "access/find_registry_sql.h"
#include "access/rows_sql.h"
#include "access/settings_sql.h"
#include "access/subject.h"
#include "accounts/rows_sql.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

// A disabled account is refused before any right is looked at.
Decision decide_disabled(ActionSet requested) {
  return {.requested = requested,
          .granted = {},
          .abilities = {},
          .rule = Rule::none,
          .reason = "the account is disabled, so it cannot sign in",
          .passed_over = {}};
}

constexpr std::size_t most_folders = 50'000;

}  // namespace

Decision decide_for_token(const Principal& who, const Namespace* covering, const std::optional<Pause>& pause,
                          const RepositoryPath& path, ActionSet requested) {
  return apply_pause(decide(subject_of(who), covering, path, requested), pause);
}

AccessStore::AccessStore(db::Database& database, db::Generation& generation)
    : database_(database),
      pauses_(database, generation),
      covering_(generation, most_folders),
      namespaces_(generation, 1),
      anonymous_browsing_(generation, 1) {}

Decision AccessStore::decide_on(const Principal& who, RegistryId registry, const RepositoryPath& path,
                                ActionSet requested) {
  return decide_for_token(who, find_covering(registry, path).get(), find_pause(registry), path, requested);
}

std::size_t AccessStore::HashFolder::operator()(const Folder& folder) const {
  return std::hash<std::string>{}(folder.second) ^ std::hash<RegistryId>{}(folder.first);
}

std::shared_ptr<const Namespace> AccessStore::find_covering(RegistryId registry, const RepositoryPath& path) {
  const auto slash = path.str().rfind('/');
  const Folder folder{registry, slash == std::string::npos ? "/" : path.str().substr(0, slash)};
  return covering_.get(folder, [&]() -> std::shared_ptr<const Namespace> {
    auto found = database_.read([&](db::Session& session) { return rows::find_covering(session, registry, path); });
    return found ? std::make_shared<const Namespace>(*std::move(found)) : nullptr;
  });
}

Result<Explanation> AccessStore::explain(const Question& question, const std::optional<Principal>& asker) {
  return database_.read([&](db::Session& session) -> Result<Explanation> {
    const auto registry = find_registry(session, question.registry);
    if (!registry) return pass_on(registry);
    const auto path = parse_repository(question.repository, registry->public_host);
    if (!path) return pass_on(path);
    const auto covering = rows::find_covering(session, registry->id, *path);

    const bool about_himself = asker && asker->account && question.user == asker->account->username;
    if (asker && !about_himself && !asker->reads_everything() && !(covering && manages(*asker, *covering))) {
      return refuse(RefusalKind::not_found, "there is nothing here that you may ask about for others");
    }
    Principal who;
    if (question.user) {
      who.account = accounts::rows::find_account(session, *question.user);
      if (!who.account) {
        return refuse(RefusalKind::invalid, fmt::format("there is no user {}", question.user->str()), "user");
      }
      who.groups = accounts::rows::groups_of(session, who.account->id);
    }
    const bool disabled = who.account && who.account->disabled;
    const auto pause = access::find_pause(session, registry->id, SystemClock().now());
    const auto* deciding = covering ? &*covering : nullptr;
    Explanation explanation{
        .decision = disabled ? decide_disabled(question.requested)
                             : apply_pause(decide(subject_of(who), deciding, *path, question.requested), pause),
        .registry = registry->name,
        .ns = covering ? std::optional(covering->name) : std::nullopt,
        .user = question.user,
        .repository = *path,
        .who_can_grant = {}};
    if (covering) explanation.who_can_grant.push_back(covering->owner_name);
    for (const auto& name : rows::administrator_names(session)) {
      if (!covering || name != covering->owner_name) explanation.who_can_grant.push_back(name);
    }
    return explanation;
  });
}

std::shared_ptr<const NamespaceMap> AccessStore::namespaces() {
  return namespaces_.get(0, [&] {
    return std::make_shared<const NamespaceMap>(
        database_.read([](db::Session& session) { return rows::all_namespaces(session); }));
  });
}

bool AccessStore::allows_anonymous_browsing() {
  return anonymous_browsing_.get(0, [&] { return database_.read(access::allows_anonymous_browsing); });
}

}  // namespace spectacles::access
