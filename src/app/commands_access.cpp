#include "app/commands_access.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "access/answers.h"
#include "access/explanation.h"
#include "app/wiring.h"

namespace spectacles::app {
namespace {

struct Words {
  std::string registry;
  std::string user;
  std::string repository;
  std::string action;
  std::string output;
  bool repositories = false;
};

std::optional<std::string> registry_of(const Words& words) {
  return words.registry.empty() ? std::nullopt : std::optional(words.registry);
}

// Nothing: anybody without an account.
Result<std::optional<UserName>> user_of(const Words& words) {
  if (words.user.empty() || words.user == "-") return std::nullopt;
  const auto user = UserName::parse(words.user);
  if (!user) return refuse(RefusalKind::invalid, user.error().text, "USER");
  return *user;
}

Result<ActionSet> actions_of(const Words& words) {
  auto actions = access::parse_actions(words.action);
  if (!actions) return refuse(RefusalKind::invalid, actions.error().text, "ACTION");
  return actions;
}

int explain(const Config& config, const Words& words) {
  const auto requested = actions_of(words);
  if (!requested) return complain(requested.error());
  const auto user = user_of(words);
  if (!user) return complain(user.error());
  Foundation foundation(config);
  access::AccessStore access(foundation.database, foundation.generation);
  const auto explanation = access.explain(
      {.registry = registry_of(words), .user = *user, .repository = words.repository, .requested = *requested},
      std::nullopt);
  if (!explanation) return complain(explanation.error());
  if (words.output == "json") {
    print_json(access::render_explanation(*explanation));
  } else {
    fmt::print("{}", access::render_explanation_text(*explanation));
  }
  return done;
}

int who(const Config& config, const Words& words) {
  const auto requested = actions_of(words);
  if (!requested) return complain(requested.error());
  Foundation foundation(config);
  access::WhatIfStore store(foundation.database);
  const auto answer = store.who(
      {.registry = registry_of(words), .repository = words.repository, .requested = *requested}, std::nullopt);
  if (!answer) return complain(answer.error());
  if (words.output == "text") {
    fmt::print("{}", access::render_who_text(*answer));
    return done;
  }
  boost::json::array rows;
  for (const auto& grantee : answer->grantees) rows.push_back(access::render_grantee(grantee, *answer));
  print_json(rows);
  return done;
}

// Prints rows as JSON or by `render_text`.
template <class Row, class Render, class RenderText>
int print_rows(const Result<std::vector<Row>>& rows, const Words& words, Render render, RenderText render_text) {
  if (!rows) return complain(rows.error());
  if (words.output == "text") {
    fmt::print("{}", render_text(*rows));
    return done;
  }
  boost::json::array rendered;
  for (const auto& row : *rows) rendered.push_back(render(row));
  print_json(rendered);
  return done;
}

int reach(const Config& config, const Words& words) {
  const auto user = user_of(words);
  if (!user) return complain(user.error());
  Foundation foundation(config);
  access::WhatIfStore store(foundation.database);
  const access::ReachQuestion question{.registry = registry_of(words), .user = *user};
  if (words.repositories) {
    return print_rows(store.reach_repositories(question, std::nullopt), words, access::render_reached_repository,
                      access::render_reached_text);
  }
  return print_rows(store.reach(question, std::nullopt), words, access::render_reach, access::render_reach_text);
}

void add_registry_option(CLI::App& command, Words& words, const std::string& description) {
  command.add_option("--registry", words.registry, description);
}

void add_action(CLI::App& command, Words& words) {
  command.add_option("ACTION", words.action, "pull, push, delete, several joined by commas, or *")->required();
}

constexpr auto needed_when_several = "Name of the registry; needed when there are several";
constexpr auto user_or_nobody = "User name; - is anybody without an account";

}  // namespace

void add_access_commands(CLI::App& parser, const Choose& choose) {
  const auto words = std::make_shared<Words>();

  auto& explaining = *parser.add_subcommand("explain", "Say whether a user may do something, and which rule says so");
  add_registry_option(explaining, *words, needed_when_several);
  add_output_option(explaining, words->output);
  explaining.add_option("USER", words->user, user_or_nobody)->required();
  explaining.add_option("REPOSITORY", words->repository, "Name, with or without the registry's host")->required();
  add_action(explaining, *words);
  choose(explaining, [words](const Config& config) { return explain(config, *words); });

  auto& asking = *parser.add_subcommand("who", "List who may do something, and by which rule");
  add_registry_option(asking, *words, needed_when_several);
  add_output_option(asking, words->output);
  asking
      .add_option("REPOSITORY", words->repository,
                  "Name, or a pattern with * and ? for known repositories; with or without the registry's host")
      ->required();
  add_action(asking, *words);
  choose(asking, [words](const Config& config) { return who(config, *words); });

  auto& reaching = *parser.add_subcommand("reach", "List what a user may do, namespace by namespace");
  add_registry_option(reaching, *words, "Only in this registry");
  add_output_option(reaching, words->output);
  reaching.add_flag("--repositories", words->repositories, "List the known repositories instead");
  reaching.add_option("USER", words->user, user_or_nobody)->required();
  choose(reaching, [words](const Config& config) { return reach(config, *words); });
}

}  // namespace spectacles::app
