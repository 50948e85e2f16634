#include "access/uses_sql.h"

#include <fmt/format.h>

#include <string>

#include "access/question.h"

namespace spectacles::access {
namespace {

// Grants are summed up by hour: `at` is the first of them.
constexpr std::chrono::hours summed_up{1};

template <class Id>
void add_uses(db::Session& session, std::string_view column, Id id, Time since, std::vector<Use>& uses) {
  const auto granted_of = [&](std::string_view table) {
    return fmt::format(
        "SELECT account_id, registry_id, repository, granted, last_at FROM {} WHERE {} = :id AND at >= :from "
        "AND last_at >= :since AND granted <> '' AND repository <> '' AND (account_id IS NOT NULL OR user_name = '')",
        table, column);
  };
  const auto sql = "SELECT account_id, registry_id, repository, granted, MAX(last_at) FROM (" +
                   granted_of("fresh_decision") + " UNION ALL " + granted_of("decision") +
                   ") granted_since GROUP BY account_id, registry_id, repository, granted";
  for (const auto& [account, registry, repository, granted, at] :
       session.rows<std::optional<AccountId>, RegistryId, std::string, std::string, Time>(sql, id, since - summed_up,
                                                                                          since)) {
    auto path = RepositoryPath::parse(repository);
    const auto actions = parse_actions(granted);
    if (!path || !actions) continue;
    uses.push_back(
        {.account = account, .registry = registry, .repository = *std::move(path), .granted = *actions, .at = at});
  }
}

}  // namespace

std::vector<Use> find_uses(db::Session& session, const Affected& affected, Time since) {
  std::vector<Use> uses;
  for (const auto& ns : affected.namespaces) add_uses(session, "namespace_id", ns, since, uses);
  for (const auto& account : affected.accounts) add_uses(session, "account_id", account, since, uses);
  return uses;
}

}  // namespace spectacles::access
