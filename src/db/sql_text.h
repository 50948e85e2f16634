// SQL as text: where its statements end and which placeholders it has. Quotes ('...', "...", `...`) and comments (--
// and
// /* */) are known, procedures with semicolons of their own are not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spectacles::db {

// The names of the placeholders (":name") in the order in which they first come, each once.
std::vector<std::string> placeholders(std::string_view sql);

// The statements of a script, without comments, semicolons and the space around them.
std::vector<std::string> split_statements(std::string_view script);

// The one statement of `sql`, as split_statements gives it. Throws db::Error when there is none or more than one.
std::string single_statement(std::string_view sql);

// `text` with each new(column) replaced by `before` + column + `after`.
std::string replace_new(std::string_view text, std::string_view before, std::string_view after);

}  // namespace spectacles::db
