// The options of the program: each is declared once, with its default and what it means. The environment,
// spectacles.yml and the table in the README all follow this list.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace spectacles::app {

enum class Secrecy { open, secret };  // a secret has a twin NAME_FILE that names a file with the value

struct Option {
  std::string_view name;      // of the environment variable; in spectacles.yml the same in lower case
  std::string_view standard;  // the default, for people
  std::string_view meaning;
  Secrecy secrecy = Secrecy::open;
  // Part of a feature that this version does not have: any other value than the default is refused.
  std::string_view not_yet = {};
};

std::span<const Option> all_options();

// The table of all options as Markdown.
std::string render_option_table();

}  // namespace spectacles::app
