#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "accounts/user_sessions_sql.h"
#include "app/commands_people.h"
#include "app/wiring.h"

namespace spectacles::app {
namespace {

using accounts::UserSession;
using accounts::UserSessions;

struct Words {
  std::string user;
  std::int64_t id = 0;  // 0: all
  std::string output;
};

Result<accounts::Account> find_user_in(Foundation& foundation, const std::string& name) {
  accounts::UserStore users(foundation.database, foundation.hasher, foundation.recorder, foundation.clock,
                            foundation.belongings, foundation.throttle);
  return find_user(users, name);
}

boost::json::object render(const UserSession& session) {
  return {{"id", session.id.value()},
          {"username", session.username.str()},
          {"created_at", render_rfc3339(session.created_at)},
          {"seen_at", render_rfc3339(session.seen_at)},
          {"expires_at", render_rfc3339(session.expires_at)},
          {"address", session.address},
          {"user_agent", session.user_agent}};
}

int list(const Config& config, const Words& words) {
  Foundation foundation(config);
  std::optional<AccountId> user;
  if (!words.user.empty()) {
    const auto account = find_user_in(foundation, words.user);
    if (!account) return complain(account.error());
    user = account->id;
  }
  UserSessions sessions(foundation.database, foundation.recorder, foundation.clock);
  constexpr std::size_t most = 100'000;
  const auto found = sessions.list(user, {.limit = most, .order = {"seen_at", true}});
  boost::json::array all;
  for (const auto& session : found.rows) {
    if (words.output == "json") {
      all.push_back(render(session));
    } else {
      fmt::print("{:<8} {:<24} {}  {:<15} {}\n", session.id.value(), session.username.str(),
                 render_rfc3339(session.seen_at), session.address, session.user_agent);
    }
  }
  if (words.output == "json") print_json(all);
  return done;
}

int end(const Config& config, const Words& words) {
  Foundation foundation(config);
  const auto account = find_user_in(foundation, words.user);
  if (!account) return complain(account.error());
  UserSessions sessions(foundation.database, foundation.recorder, foundation.clock);
  std::int64_t ended = 1;
  if (words.id == 0) {
    ended = sessions.end_all(*account, std::nullopt, audit::Actor::command_line());
  } else if (const auto one = sessions.end(*account, SessionId(words.id), audit::Actor::command_line()); !one) {
    return complain(one.error());
  }
  if (words.output == "json") {
    print_json(boost::json::object{{"ended", ended}});
  } else {
    fmt::print("{} ended\n", ended == 1 ? "1 session" : fmt::format("{} sessions", ended));
  }
  return done;
}

}  // namespace

void add_session_commands(CLI::App& parser, const Choose& choose) {
  auto& session = *parser.add_subcommand("session", "See who is signed in to the console, and end that");
  session.require_subcommand(1);
  const auto words = std::make_shared<Words>();

  auto& listing = *session.add_subcommand("list", "List sessions, last used first");
  listing.add_option("USER", words->user, "Only those of this user");
  add_output_option(listing, words->output);
  choose(listing, [words](const Config& config) { return list(config, *words); });

  auto& ending = *session.add_subcommand("end", "End all sessions of a user, or one");
  ending.add_option("USER", words->user, "User name")->required();
  ending.add_option("--id", words->id, "Only this session")->check(CLI::PositiveNumber);
  add_output_option(ending, words->output);
  choose(ending, [words](const Config& config) { return end(config, *words); });
}

}  // namespace spectacles::app
