#include "access/what_if_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "access/find_registry_sql.h"
#include "access/rows_sql.h"
#include "access/subject.h"
#include "access/visible.h"
#include "access/world_sql.h"
#include "accounts/rows_sql.h"

namespace spectacles::access {
namespace {

using Asker = std::optional<accounts::Principal>;

bool may_ask_about_all(const Asker& asker) {
  return !asker || asker->reads_everything();
}

tl::unexpected<Refusal> refuse_question() {
  return refuse(RefusalKind::not_found, "there is nothing here that you may ask about for others");
}

bool owns_any(const World& world, const Asker& asker) {
  return std::any_of(world.namespaces.begin(), world.namespaces.end(),
                     [&](const Namespace& ns) { return manages(*asker, ns); });
}

Result<WhoAnswer> ask_about_one(db::Session& session, const RegistryReference& registry, const WhoQuestion& question,
                                const Asker& asker) {
  auto path = parse_repository(question.repository, registry.public_host);
  if (!path) return pass_on(path);
  auto covering = rows::find_covering(session, registry.id, *path);
  if (!may_ask_about_all(asker) && !(covering && manages(*asker, *covering))) return refuse_question();
  std::vector<Namespace> deciding;
  if (covering) deciding.push_back(*std::move(covering));
  const auto world = load_world(session, std::move(deciding));
  return WhoAnswer{.grantees = find_grantees(world, registry.id, {*std::move(path)}, question.requested)};
}

Result<WhoAnswer> ask_about_pattern(db::Session& session, const RegistryReference& registry,
                                    const WhoQuestion& question, const Asker& asker) {
  const auto pattern = parse_repository_pattern(question.repository, registry.public_host);
  if (!pattern) return pass_on(pattern);
  const auto world = load_world(session);
  if (!may_ask_about_all(asker) && !owns_any(world, asker)) return refuse_question();
  const NamespaceMap namespaces(world.namespaces);
  auto repositories = rows::known_repositories(session, registry.id);
  std::erase_if(repositories, [&](const RepositoryPath& path) {
    if (!pattern->matches(path.str())) return true;
    if (may_ask_about_all(asker)) return false;
    const auto* covering = namespaces.find_covering(registry.id, path);
    return covering == nullptr || !manages(*asker, *covering);
  });
  return WhoAnswer{.grantees = find_grantees(world, registry.id, repositories, question.requested),
                   .is_pattern = true,
                   .repositories = repositories.size()};
}

// The question of what somebody reaches, with all that answers it.
struct ReachWorld {
  World world;
  std::vector<RegistryReference> registries;  // those that are asked about
  std::optional<Subject> subject;             // nothing: he may not sign in
  std::optional<AccountId> only_owned_by;     // rows of other namespaces are none of the asker's business
};

Result<ReachWorld> prepare(db::Session& session, const ReachQuestion& question, const Asker& asker) {
  ReachWorld prepared{.world = load_world(session), .registries = {}, .subject = {}, .only_owned_by = {}};
  auto& world = prepared.world;
  const bool about_himself = asker && asker->account && question.user == asker->account->username;
  if (!about_himself && !may_ask_about_all(asker)) {
    if (!owns_any(world, asker)) return refuse_question();
    prepared.only_owned_by = asker->account->id;
  }
  prepared.registries = world.registries;
  if (question.registry) {
    auto chosen = choose_registry(world.registries, question.registry);
    if (!chosen) return pass_on(chosen);
    prepared.registries = {*std::move(chosen)};
  }
  if (!question.user) {
    prepared.subject.emplace();
    return prepared;
  }
  const auto* account = world.find_account(*question.user);
  if (account == nullptr) {
    return refuse(RefusalKind::invalid, fmt::format("there is no user {}", question.user->str()), "user");
  }
  if (!account->disabled) {
    prepared.subject = subject_of({.account = *account, .groups = accounts::rows::groups_of(session, account->id)});
  }
  return prepared;
}

// Leaves the rows of the registries that were asked about, and of the namespaces that the asker may know.
template <class Row>
void keep_asked(std::vector<Row>& rows, const ReachWorld& prepared) {
  std::set<std::pair<Label, NamespaceName>> owned;
  std::set<Label> registries;
  for (const auto& registry : prepared.registries) registries.insert(registry.name);
  for (const auto& ns : prepared.world.namespaces) {
    if (ns.owner == prepared.only_owned_by) owned.emplace(registry_name(prepared.world, ns.registry), ns.name);
  }
  std::erase_if(rows, [&](const Row& row) {
    if (!registries.contains(row.registry)) return true;
    return prepared.only_owned_by && !(row.ns && owned.contains({row.registry, *row.ns}));
  });
}

}  // namespace

Result<WhoAnswer> WhatIfStore::who(const WhoQuestion& question, const Asker& asker) {
  return database_.read([&](db::Session& session) -> Result<WhoAnswer> {
    const auto registry = find_registry(session, question.registry);
    if (!registry) return pass_on(registry);
    return is_repository_pattern(question.repository) ? ask_about_pattern(session, *registry, question, asker)
                                                      : ask_about_one(session, *registry, question, asker);
  });
}

Result<std::vector<Reach>> WhatIfStore::reach(const ReachQuestion& question, const Asker& asker) {
  return database_.read([&](db::Session& session) -> Result<std::vector<Reach>> {
    const auto prepared = prepare(session, question, asker);
    if (!prepared) return pass_on(prepared);
    auto rows = reach_of(prepared->world, prepared->subject);
    keep_asked(rows, *prepared);
    return rows;
  });
}

Result<std::vector<ReachedRepository>> WhatIfStore::reach_repositories(const ReachQuestion& question,
                                                                       const Asker& asker) {
  return database_.read([&](db::Session& session) -> Result<std::vector<ReachedRepository>> {
    const auto prepared = prepare(session, question, asker);
    if (!prepared) return pass_on(prepared);
    std::vector<ReachedRepository> rows;
    for (const auto& registry : prepared->registries) {
      auto more = reached_repositories(prepared->world, prepared->subject, registry,
                                       rows::known_repositories(session, registry.id));
      std::move(more.begin(), more.end(), std::back_inserter(rows));
    }
    keep_asked(rows, *prepared);
    return rows;
  });
}

}  // namespace spectacles::access
