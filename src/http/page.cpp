#include "http/page.h"

#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>

#include "base/base64.h"

namespace spectacles::http {
namespace {

constexpr std::size_t max_limit = 500;

// A cursor is opaque to clients: a JSON array of texts as base64url.
std::string render_cursor(const std::vector<std::string>& key) {
  return to_base64url(boost::json::serialize(boost::json::value_from(key)));
}

std::optional<std::vector<std::string>> parse_cursor(std::string_view cursor, std::size_t parts) {
  const auto text = from_base64url(cursor);
  if (!text) return std::nullopt;
  boost::json::error_code error;
  const auto value = boost::json::parse(*text, error);
  if (error || !value.is_array() || value.get_array().size() != parts) return std::nullopt;
  std::vector<std::string> key;
  for (const auto& part : value.get_array()) {
    // No key holds a NUL, and not every database takes one to look for it.
    if (!part.is_string() || part.get_string().find('\0') != std::string_view::npos) return std::nullopt;
    key.emplace_back(part.get_string());
  }
  return key;
}

std::string encode(std::string_view text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

// The request's own address with another cursor.
std::string next_address(const Request& request, const std::vector<std::string>& last_key) {
  std::string address = request.address_of(request.path) + "?";
  if (const auto query = request.query()) {
    for (const auto& [name, value] : query->pairs()) {
      if (name != "cursor") address += encode(name) + "=" + encode(value) + "&";
    }
  }
  return address + "cursor=" + render_cursor(last_key);
}

}  // namespace

Result<PageRequest> parse_page(const Parameters& query, std::size_t key_parts) {
  PageRequest page;
  if (const auto limit = query.first("limit")) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 || page.limit > max_limit) {
      return refuse(RefusalKind::invalid, "limit is a number from 1 to 500", "limit");
    }
  }
  if (const auto cursor = query.first("cursor"); cursor && !cursor->empty()) {
    auto key = parse_cursor(*cursor, key_parts);
    if (!key) return refuse(RefusalKind::invalid, "cursor is not one that this list gave out", "cursor");
    page.after = std::move(*key);
  }
  return page;
}

Response page(const Request& request, const boost::json::array& rows, std::int64_t total,
              const std::optional<std::vector<std::string>>& last_key) {
  auto response = json(rows);
  response.with("X-Total-Count", std::to_string(total));
  if (last_key) response.with("Link", "<" + next_address(request, *last_key) + ">; rel=\"next\"");
  return response;
}

}  // namespace spectacles::http
