#include "db/sql_text.h"

#include <algorithm>

#include "db/session.h"

namespace spectacles::db {
namespace {

enum class Kind { plain, quoted, comment, placeholder, end };

struct Piece {
  Kind kind;
  std::string_view text;
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t after(std::string_view text, std::string_view mark, std::size_t from) {
  const auto at = text.find(mark, from);
  return at == std::string_view::npos ? text.size() : at + mark.size();
}

// The piece that `text`, which is not empty, begins with. A quote doubled inside quotes is the end of one quoted piece
// and the start of the next.
Piece first_piece(std::string_view text) {
  const char c = text.front();
  const auto piece = [&](Kind kind, std::size_t size) { return Piece{kind, text.substr(0, size)}; };
  if (c == '\'' || c == '"' || c == '`') return piece(Kind::quoted, after(text, text.substr(0, 1), 1));
  if (text.starts_with("--")) return piece(Kind::comment, after(text, "\n", 2));
  if (text.starts_with("/*")) return piece(Kind::comment, after(text, "*/", 2));
  if (c == ';') return piece(Kind::end, 1);
  if (text.starts_with("::")) return piece(Kind::plain, 2);  // PostgreSQL's cast
  if (c == ':' && text.size() > 1 && is_word(text[1])) {
    const auto end = std::find_if_not(text.begin() + 1, text.end(), is_word);
    return piece(Kind::placeholder, static_cast<std::size_t>(end - text.begin()));
  }
  return piece(Kind::plain, 1);
}

std::string trimmed(const std::string& text) {
  constexpr std::string_view space = " \t\r\n\f";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

}  // namespace

std::vector<std::string> placeholders(std::string_view sql) {
  std::vector<std::string> names;
  while (!sql.empty()) {
    const auto [kind, text] = first_piece(sql);
    sql.remove_prefix(text.size());
    if (kind != Kind::placeholder) continue;
    std::string name(text.substr(1));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> split_statements(std::string_view script) {
  std::vector<std::string> statements;
  std::string statement;
  const auto end = [&] {
    if (auto text = trimmed(statement); !text.empty()) statements.push_back(std::move(text));
    statement.clear();
  };
  while (!script.empty()) {
    const auto [kind, text] = first_piece(script);
    script.remove_prefix(text.size());
    if (kind == Kind::end) {
      end();
    } else if (kind == Kind::comment) {
      statement += ' ';
    } else {
      statement += text;
    }
  }
  end();
  return statements;
}

std::string single_statement(std::string_view sql) {
  auto statements = split_statements(sql);
  if (statements.empty()) throw Error("there is no statement in: " + std::string(sql));
  if (statements.size() > 1) throw Error("more than one statement in: " + std::string(sql));
  return std::move(statements.front());
}

std::string replace_new(std::string_view text, std::string_view before, std::string_view after) {
  constexpr std::string_view mark = "new(";
  std::string replaced;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
    const auto end = text.find(')', at);
    replaced.append(text.substr(0, at)).append(before);
    replaced.append(text.substr(at + mark.size(), end - at - mark.size())).append(after);
    text.remove_prefix(end + 1);
  }
  return replaced.append(text);
}

}  // namespace spectacles::db
