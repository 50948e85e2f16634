#include "http/request.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "base/base64.h"
#include "http/percent.h"

namespace spectacles::http {
namespace {

// The piece before the first `separator`; what comes after it stays in `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return piece;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return std::iscntrl(static_cast<unsigned char>(c)); });
}

Result<std::string> decode_form_text(std::string_view text) {
  auto decoded = form_decode(text);
  if (!decoded)
    return refuse(RefusalKind::invalid, "a '%' in the parameters is not followed by two hexadecimal digits");
  if (!is_utf8(*decoded)) return refuse(RefusalKind::invalid, "the parameters must be UTF-8");
  if (decoded->find('\0') != std::string::npos) return refuse(RefusalKind::invalid, "the parameters must not hold NUL");
  return *std::move(decoded);
}

Result<Basic> parse_basic(std::string_view authorization) {
  const auto scheme = cut(authorization, ' ');
  if (!equal_ignoring_case(scheme, "basic")) {
    return refuse(RefusalKind::unauthenticated, "the Authorization header must be of the scheme Basic");
  }
  const auto decoded = from_base64(trim_blanks(authorization));
  if (!decoded || !is_utf8(*decoded) || has_control(*decoded) || decoded->find(':') == std::string::npos) {
    return refuse(RefusalKind::unauthenticated,
                  "the Authorization header must hold user:password in UTF-8, encoded as base64");
  }
  const auto colon = decoded->find(':');
  return Basic{decoded->substr(0, colon), Secret(decoded->substr(colon + 1))};
}

}  // namespace

std::string_view render_method(Method method) {
  static constexpr std::array<std::string_view, 8> names{"GET",   "HEAD",   "POST",    "PUT",
                                                         "PATCH", "DELETE", "OPTIONS", "other"};
  return names[static_cast<std::size_t>(method)];
}

Result<Parameters> Parameters::parse_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    auto value = cut(text, '&');
    if (value.empty()) continue;
    auto name = decode_form_text(cut(value, '='));
    if (!name) return pass_on(name);
    auto decoded = decode_form_text(value);
    if (!decoded) return refuse(decoded.error().kind, decoded.error().text, *name);
    pairs.emplace_back(*std::move(name), *std::move(decoded));
  }
  return Parameters(std::move(pairs));
}

std::optional<std::string> Parameters::first(std::string_view name) const {
  for (const auto& [known, value] : pairs_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Parameters::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [known, value] : pairs_) {
    if (known == name) values.push_back(value);
  }
  return values;
}

std::optional<std::string> Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return std::nullopt;
}

std::string Request::media_type() const {
  const auto type = header("content-type").value_or("");
  std::string_view rest = type;
  return to_lower(trim_blanks(cut(rest, ';')));
}

Result<Parameters> Request::form() const {
  constexpr std::string_view wanted = "application/x-www-form-urlencoded";
  if (media_type() != wanted) {
    return refuse(RefusalKind::unsupported, "the Content-Type must be " + std::string(wanted));
  }
  return Parameters::parse_form(body);
}

Result<std::optional<Basic>> Request::basic() const {
  const std::string* authorization = nullptr;
  for (const auto& [name, value] : headers) {
    if (name != "authorization") continue;
    if (authorization) return refuse(RefusalKind::unauthenticated, "there must be one Authorization header");
    authorization = &value;
  }
  if (!authorization) return std::optional<Basic>();
  auto parsed = parse_basic(*authorization);
  if (!parsed) return pass_on(parsed);
  return std::optional<Basic>(*std::move(parsed));
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  for (const auto& [header_name, header_value] : headers) {
    if (header_name != "cookie") continue;
    std::string_view rest = header_value;
    while (!rest.empty()) {
      auto value = trim_blanks(cut(rest, ';'));
      if (cut(value, '=') == name) return std::string(value);
    }
  }
  return std::nullopt;
}

}  // namespace spectacles::http
