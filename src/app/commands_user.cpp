#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "accounts/routes_render.h"
#include "accounts/users_sql.h"
#include "app/commands_people.h"
#include "app/password_input.h"
#include "app/wiring.h"

namespace spectacles::app {
namespace {

using accounts::Account;
using accounts::Role;
using accounts::UserStore;

const auto operator_at_command_line = audit::Actor::command_line();

// What the words of a command were read into; lives as long as the command.
struct Words {
  std::string user;
  std::string role = "user";
  std::string email;
  std::string heir;
  std::string search;
  std::string output;
  PasswordInput password;
};

// The database and the store on it, for the time of one command.
struct Users {
  explicit Users(const Config& config)
      : foundation(config),
        store(foundation.database, foundation.hasher, foundation.recorder, foundation.clock, foundation.belongings,
              foundation.throttle) {}

  Result<Account> find(const std::string& name) { return find_user(store, name); }

  Foundation foundation;
  UserStore store;
};

void print_line(const Account& account) {
  fmt::print("{:<24} {:<8} {:<9} {}\n", account.username.str(), accounts::render_role(account.role),
             account.disabled ? "disabled" : "active", account.email.value_or("-"));
}

int print(const Account& account, const Words& words) {
  if (words.output == "json") {
    print_json(accounts::render_user(account));
  } else {
    print_line(account);
  }
  return done;
}

int list(const Config& config, const Words& words) {
  Users users(config);
  boost::json::array all;
  PageRequest page{.limit = 500, .order = {"username"}};
  while (true) {
    auto found = users.store.list({.search = words.search}, page);
    const bool more = found.rows.size() > page.limit;
    if (more) found.rows.resize(page.limit, found.rows.front());
    for (const auto& account : found.rows) {
      if (words.output == "json") {
        all.push_back(accounts::render_user(account));
      } else {
        print_line(account);
      }
    }
    if (!more) break;
    page.after = {found.rows.back().username.str()};
  }
  if (words.output == "json") print_json(all);
  return done;
}

// A password that was made is told this once, and nowhere else.
int print(const Account& account, const Words& words, const Secret& password) {
  if (!words.password.generate) return print(account, words);
  if (words.output == "json") {
    auto rendered = accounts::render_user(account);
    rendered["password"] = password.reveal();
    print_json(rendered);
  } else {
    print_line(account);
    fmt::print("password: {}\n", password.reveal());
  }
  return done;
}

int create(const Config& config, const Words& words) {
  const auto username = UserName::parse(words.user);
  if (!username) return complain("USER: " + username.error().text, wrong_input);
  const auto role = accounts::parse_role(words.role);
  if (!role) return complain("--role: " + role.error().text, wrong_input);
  accounts::NewUser user{.username = *username, .password = {}, .email = {}, .role = *role};
  if (!words.email.empty()) {
    const auto email = accounts::parse_email(words.email);
    if (!email) return complain("--email: " + email.error().text, wrong_input);
    user.email = *email;
  }
  const auto password = read_new_password(words.password);
  if (!password) return complain(password.error());
  user.password = *password;
  Users users(config);
  const auto made = users.store.create(user, operator_at_command_line);
  if (!made) return complain(made.error());
  return print(*made, words, *password);
}

int show(const Config& config, const Words& words) {
  Users users(config);
  const auto account = users.find(words.user);
  return account ? print(*account, words) : complain(account.error());
}

int set_password(const Config& config, const Words& words) {
  Users users(config);
  const auto account = users.find(words.user);
  if (!account) return complain(account.error());
  const auto password = read_new_password(words.password);
  if (!password) return complain(password.error());
  const auto changed = users.store.change_password(account->id, {.password = *password}, operator_at_command_line);
  if (!changed) return complain(changed.error());
  return print(*account, words, *password);
}

int change(const Config& config, const Words& words, const accounts::UserChange& wanted) {
  Users users(config);
  const auto account = users.find(words.user);
  if (!account) return complain(account.error());
  const auto changed =
      users.store.change(account->id, wanted, audit::ExpectedRevision::any(), operator_at_command_line);
  return changed ? print(changed->account, words) : complain(changed.error());
}

int set_role(const Config& config, const Words& words) {
  const auto role = accounts::parse_role(words.role);
  if (!role) return complain("ROLE: " + role.error().text, wrong_input);
  return change(config, words, {.role = *role});
}

int remove(const Config& config, const Words& words) {
  std::optional<UserName> heir;
  if (!words.heir.empty()) {
    const auto name = UserName::parse(words.heir);
    if (!name) return complain("--transfer-to: " + name.error().text, wrong_input);
    heir = *name;
  }
  Users users(config);
  const auto account = users.find(words.user);
  if (!account) return complain(account.error());
  const auto removed = users.store.remove(account->id, heir, audit::ExpectedRevision::any(), operator_at_command_line);
  return removed ? print(*account, words) : complain(removed.error());
}

// One subcommand of `user`.
template <class Run>
CLI::App& add(CLI::App& parent, const Choose& choose, const std::shared_ptr<Words>& words, const std::string& name,
              const std::string& description, Run run) {
  auto& command = *parent.add_subcommand(name, description);
  add_output_option(command, words->output);
  choose(command, [words, run](const Config& config) { return run(config, *words); });
  return command;
}

void add_user_argument(CLI::App& command, Words& words) {
  command.add_option("USER", words.user, "User name")->required();
}

}  // namespace

Result<Account> find_user(UserStore& users, const std::string& name) {
  const auto username = UserName::parse(name);
  if (!username) return refuse(RefusalKind::invalid, username.error().text, "USER");
  auto account = users.find(*username);
  if (!account) return refuse(RefusalKind::not_found, fmt::format("there is no user {}", username->str()));
  return *account;
}

void add_user_commands(CLI::App& parser, const Choose& choose) {
  auto& user = *parser.add_subcommand("user", "Look at users and change them, also when nobody can sign in");
  user.require_subcommand(1);
  const auto words = std::make_shared<Words>();

  add(user, choose, words, "list", "List users", list)
      .add_option("--search", words->search, "Only names that hold this text");
  add_user_argument(add(user, choose, words, "show", "Show a user", show), *words);

  auto& creation = add(user, choose, words, "create", "Make a user, or with --role admin an administrator", create);
  add_user_argument(creation, *words);
  creation.add_option("--role", words->role, "user, auditor or admin")
      ->check(CLI::IsMember({"user", "auditor", "admin"}));
  creation.add_option("--email", words->email, "E-mail address");
  add_password_options(creation, words->password);

  auto& password = add(user, choose, words, "password", "Give a user a new password; his sessions end", set_password);
  add_user_argument(password, *words);
  add_password_options(password, words->password);

  auto& role = add(user, choose, words, "role", "Give a user another role", set_role);
  add_user_argument(role, *words);
  role.add_option("ROLE", words->role, "user, auditor or admin")
      ->required()
      ->check(CLI::IsMember({"user", "auditor", "admin"}));

  add_user_argument(
      add(user, choose, words, "disable", "Disable a user; his sessions end",
          [](const Config& config, const Words& said) { return change(config, said, {.disabled = true}); }),
      *words);
  add_user_argument(
      add(user, choose, words, "enable", "Enable a user who was disabled",
          [](const Config& config, const Words& said) { return change(config, said, {.disabled = false}); }),
      *words);

  auto& removal = add(user, choose, words, "delete", "Delete a user", remove);
  add_user_argument(removal, *words);
  removal.add_option("--transfer-to", words->heir, "Who gets the namespaces of the user")->type_name("USER");
}

}  // namespace spectacles::app
