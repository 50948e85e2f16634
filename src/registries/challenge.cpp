#include "registries/challenge.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace spectacles::registries {
namespace {

bool is_alpha_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_tchar(char c) {
  return is_alpha_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token68_char(char c) {
  return is_alpha_or_digit(c) || std::string_view("-._~+/").find(c) != std::string_view::npos;
}

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

// Reads from the front. What returns an optional or bool has moved on only if it succeeded.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_while(bool (*is_wanted)(char)) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_wanted);
    const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  void skip_spaces() { take_while(is_space); }

  // Empty list elements are allowed everywhere: RFC 9110, section 5.6.1.2.
  void skip_commas() {
    do skip_spaces();
    while (take(','));
  }

  // token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=", up to a comma or the end.
  bool take_token68() {
    Reader ahead = *this;
    if (ahead.take_while(is_token68_char).empty()) return false;
    ahead.take_while([](char c) { return c == '='; });
    ahead.skip_spaces();
    if (!ahead.at_end() && !ahead.rest_.starts_with(',')) return false;
    *this = ahead;
    return true;
  }

  // auth-param = token BWS "=" BWS ( token / quoted-string )
  std::optional<std::pair<std::string, std::string>> take_parameter() {
    Reader ahead = *this;
    auto name = to_lower(ahead.take_while(is_tchar));
    ahead.skip_spaces();
    if (name.empty() || !ahead.take('=')) return std::nullopt;
    ahead.skip_spaces();
    auto value = ahead.take_value();
    if (!value) return std::nullopt;
    *this = ahead;
    return std::pair(std::move(name), std::move(*value));
  }

 private:
  std::optional<std::string> take_value() {
    if (take('"')) return take_quoted();
    const auto token = take_while(is_tchar);
    if (token.empty()) return std::nullopt;
    return std::string(token);
  }

  // The rest of a quoted-string: RFC 9110, section 5.6.4.
  std::optional<std::string> take_quoted() {
    std::string value;
    while (!rest_.empty()) {
      if (take('"')) return value;
      take('\\');  // a quoted-pair stands for its second character
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return std::nullopt;
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }

  std::string_view rest_;
};

tl::unexpected<Refusal> malformed() {
  return refuse(RefusalKind::invalid, "the WWW-Authenticate header is malformed");
}

bool is_followed_by_element(const Reader& reader) {
  Reader ahead = reader;
  ahead.skip_spaces();
  return ahead.at_end() || ahead.take(',');
}

// The parameters up to the next challenge or the end. False when one stands there twice.
bool take_parameters(Reader& reader, Challenge& challenge) {
  while (true) {
    Reader ahead = reader;
    ahead.skip_commas();
    auto parameter = ahead.take_parameter();
    if (!parameter || !is_followed_by_element(ahead)) return true;
    if (challenge.find(parameter->first)) return false;
    challenge.parameters.push_back(std::move(*parameter));
    reader = ahead;
  }
}

}  // namespace

const std::string* Challenge::find(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& parameter) { return parameter.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

Result<std::vector<Challenge>> parse_challenges(std::string_view value) {
  constexpr std::size_t max_bytes = 8 * 1024;
  if (value.size() > max_bytes) return malformed();
  std::vector<Challenge> challenges;
  Reader reader(value);
  reader.skip_commas();
  while (!reader.at_end()) {
    Challenge challenge{.scheme = to_lower(reader.take_while(is_tchar)), .parameters = {}};
    if (challenge.scheme.empty()) return malformed();
    const bool has_more = !reader.take_while(is_space).empty();
    if (has_more && !reader.take_token68() && !take_parameters(reader, challenge)) return malformed();
    if (!is_followed_by_element(reader)) return malformed();
    challenges.push_back(std::move(challenge));
    reader.skip_commas();
  }
  return challenges;
}

}  // namespace spectacles::registries
