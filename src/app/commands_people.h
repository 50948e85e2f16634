#pragma once

#include <string>

#include "accounts/users_sql.h"
#include "app/command.h"

namespace spectacles::app {

// The user of this name. Refuses (invalid, "USER") what is no user name, and (not_found) who does not exist.
Result<accounts::Account> find_user(accounts::UserStore& users, const std::string& name);

// `spectacles user ...` and `spectacles session ...`: what an operator does without the console.
void add_user_commands(CLI::App& parser, const Choose& choose);
void add_session_commands(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
