#include <fmt/format.h>

#include <boost/json.hpp>

#include "access/routes.h"
#include "access/routes_change.h"
#include "http/json.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

// One change of the request: an object with one member, which says what kind of change it is.
class ProposalReader {
 public:
  using Read = Result<Proposal> (*)(const boost::json::value& value, const std::string& path);

  static Result<Proposal> read(const boost::json::value& value, const std::string& path) {
    static constexpr std::pair<std::string_view, Read> kinds[] = {
        {"namespace", change_namespace}, {"create_namespace", create_namespace}, {"remove_namespace", remove_namespace},
        {"user", change_user},           {"remove_user", remove_user},           {"group", change_group},
        {"create_group", create_group},  {"remove_group", remove_group}};
    http::Fields fields(value, path);
    std::optional<boost::json::value> body;
    std::pair<std::string_view, Read> found{};
    std::size_t given = 0;
    for (const auto& kind : kinds) {
      auto member = fields.optional_value(kind.first);
      if (!member) continue;
      ++given;
      found = kind;
      body = std::move(member);
    }
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    if (given != 1) {
      return refuse(RefusalKind::invalid,
                    "a change has exactly one of namespace, create_namespace, remove_namespace, user, remove_user, "
                    "group, create_group and remove_group",
                    path);
    }
    return found.second(*body, fmt::format("{}.{}", path, found.first));
  }

 private:
  // By `id`, or by `registry` and `name`.
  static std::optional<NamespaceTarget> read_target(http::Fields& fields) {
    const auto id = fields.optional_integer("id");
    const auto registry = fields.optional_text("registry");
    const auto name = fields.optional_parsed("name", NamespaceName::parse);
    if (id && !registry && !name) return NamespaceTarget(NamespaceId(*id));
    if (!id && registry && name) return NamespaceTarget(std::pair(*registry, *name));
    fields.refuse("id", "give either id, or registry and name");
    return std::nullopt;
  }

  static Result<Proposal> change_namespace(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto target = read_target(fields);
    auto wanted = read_namespace_change(fields, path);
    if (!wanted) return pass_on(wanted);
    return ChangeNamespace{.target = *target, .wanted = *std::move(wanted)};
  }

  static Result<Proposal> create_namespace(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    auto registry = fields.text("registry");
    const auto name = fields.parsed("name", NamespaceName::parse);
    auto wanted = read_namespace_change(fields, path);
    if (!wanted) return pass_on(wanted);
    return CreateNamespace{.registry = std::move(registry), .name = *name, .wanted = *std::move(wanted)};
  }

  static Result<Proposal> remove_namespace(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto target = read_target(fields);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return RemoveNamespace{*target};
  }

  static Result<Proposal> change_user(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto user = fields.parsed("username", UserName::parse);
    const auto role = fields.optional_parsed("role", accounts::parse_role);
    const auto disabled = fields.optional_boolean("disabled");
    auto groups = fields.optional_parsed_list("groups", Label::parse);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return ChangeUser{.user = *user, .wanted = {.role = role, .disabled = disabled}, .groups = std::move(groups)};
  }

  static Result<Proposal> remove_user(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto user = fields.parsed("username", UserName::parse);
    const auto transfer_to = fields.optional_parsed("transfer_to", UserName::parse);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return RemoveUser{.user = *user, .transfer_to = transfer_to};
  }

  static Result<Proposal> change_group(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto group = fields.parsed("name", Label::parse);
    auto members = fields.optional_parsed_list("members", UserName::parse);
    if (!members) fields.refuse("members", path + ".members is missing; it must be an array of strings");
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return ChangeGroup{.group = *group, .members = *std::move(members)};
  }

  static Result<Proposal> create_group(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto group = fields.parsed("name", Label::parse);
    auto members = fields.optional_parsed_list("members", UserName::parse);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return CreateGroup{.group = *group, .members = std::move(members).value_or(std::vector<UserName>())};
  }

  static Result<Proposal> remove_group(const boost::json::value& value, const std::string& path) {
    http::Fields fields(value, path);
    const auto group = fields.parsed("name", Label::parse);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    return RemoveGroup{*group};
  }
};

struct Wanted {
  std::vector<Proposal> changes;
  std::int64_t days = 7;
  std::size_t limit = 50;
};

Result<Wanted> read_wanted(const http::Request& request) {
  constexpr std::size_t most_changes = 100;
  http::Fields fields(request);
  const auto changes = fields.optional_array("changes");
  const auto days = fields.optional_integer("days").value_or(7);
  const auto limit = fields.optional_integer("limit").value_or(50);
  if (!changes || changes->empty() || changes->size() > most_changes) {
    fields.refuse("changes", "changes must be an array of 1 to 100 changes");
  }
  if (days < 1 || days > 90) fields.refuse("days", "days must be 1 to 90");
  if (limit < 1 || limit > 500) fields.refuse("limit", "limit must be 1 to 500");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  Wanted wanted{.changes = {}, .days = days, .limit = static_cast<std::size_t>(limit)};
  wanted.changes.reserve(changes->size());
  for (std::size_t i = 0; i < changes->size(); ++i) {
    auto change = ProposalReader::read((*changes)[i], fmt::format("changes[{}]", i));
    if (!change) return pass_on(change);
    wanted.changes.push_back(*std::move(change));
  }
  return wanted;
}

template <class Names>
boost::json::array names_of(const Names& names) {
  boost::json::array array;
  for (const auto& name : names) array.emplace_back(name.str());
  return array;
}

boost::json::array actions_of(ActionSet actions) {
  boost::json::array array;
  for (const auto& action : actions.names()) array.emplace_back(action);
  return array;
}

boost::json::value name_or_null(const std::optional<NamespaceName>& name) {
  return name ? boost::json::value(name->str()) : boost::json::value(nullptr);
}

boost::json::object render_row(const SimulationAnswer& answer, const EffectOnOne& row) {
  const auto& effect = answer.simulation.effects[row.effect];
  boost::json::object used;
  for (const auto action : {Action::pull, Action::push, Action::del}) {
    const auto at = row.used.find(action);
    used[render_action(action)] =
        at != row.used.end() ? boost::json::value(render_rfc3339(at->second)) : boost::json::value(nullptr);
  }
  boost::json::object rendered{{"registry", registry_name(answer.before, effect.registry).str()},
                               {"gains", actions_of(effect.gains)},
                               {"loses", actions_of(effect.loses)},
                               {"rule_before", render_rule(effect.rule_before)},
                               {"rule_after", render_rule(effect.rule_after)},
                               {"repositories", effect.repositories},
                               {"sample", names_of(effect.sample)},
                               {"patterns", names_of(effect.patterns)},
                               {"other_names", effect.other_names},
                               {"used_lately", std::move(used)}};
  rendered["user"] = row.person == Crowd::anonymous
                         ? boost::json::value(nullptr)
                         : boost::json::value(answer.before.accounts[row.person - 1].username.str());
  rendered["namespace_before"] = name_or_null(effect.before);
  rendered["namespace_after"] = name_or_null(effect.after);
  return rendered;
}

boost::json::object render_totals(const Simulation& simulation) {
  const auto users = [](const std::set<Crowd::Person>& people) {
    return people.size() - people.count(Crowd::anonymous);
  };
  return {{"rows", simulation.rows.size()},
          {"gaining_users", users(simulation.gaining)},
          {"losing_users", users(simulation.losing)},
          {"losing_users_who_used_lately", users(simulation.losing_what_is_used)},
          {"anonymous_gains", simulation.gaining.contains(Crowd::anonymous)},
          {"anonymous_loses", simulation.losing.contains(Crowd::anonymous)},
          {"repositories_not_compared", simulation.not_compared}};
}

Result<http::Response> simulate(SimulationStore& store, const http::Request& request, const Principal& who) {
  const auto wanted = read_wanted(request);
  if (!wanted) return pass_on(wanted);
  const auto answer = store.simulate(wanted->changes, std::chrono::days(wanted->days), who);
  if (!answer) return pass_on(answer);
  boost::json::array rows;
  for (const auto& row : answer->simulation.rows) {
    if (rows.size() == wanted->limit) break;
    rows.push_back(render_row(*answer, row));
  }
  return http::json(boost::json::object{
      {"rows", std::move(rows)}, {"totals", render_totals(answer->simulation)}, {"days", wanted->days}});
}

}  // namespace

void mount_simulation_routes(http::Router& router, SimulationStore& store, const accounts::Guard& guard) {
  router.add(http::Method::post, "/api/v1/access/simulate",
             guard.signed_in([&store](const http::Request& request, const Principal& who) {
               return simulate(store, request, who);
             }));
}

}  // namespace spectacles::access
