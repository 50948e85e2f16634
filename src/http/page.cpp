#include "http/page.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string list_words(const Sorting& sorting) {
  std::string words;
  for (const auto word : sorting.allowed) words += fmt::format("{}{}, -{}", words.empty() ? "" : ", ", word, word);
  return words;
}

bool is_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

Order to_order(std::string_view text) {
  const bool descending = text.starts_with('-');
  return {.by = std::string(text.substr(descending ? 1 : 0)), .descending = descending};
}

Result<Order> parse_order(const Parameters& query, const Sorting& sorting) {
  const auto sort = query.first("sort").value_or("");
  auto order = to_order(sort.empty() ? sorting.standard : sort);
  if (std::find(sorting.allowed.begin(), sorting.allowed.end(), order.by) == sorting.allowed.end()) {
    return refuse(RefusalKind::invalid, "sort is one of " + list_words(sorting), "sort");
  }
  return order;
}

// Reads `limit` and `cursor`; the cursor of an ordered list begins with its order.
Result<PageRequest> parse_place(const Parameters& query, std::size_t key_parts, Order order,
                                const Sorting& sorting = {}) {
  PageRequest page{.after = {}, .order = std::move(order)};
  if (const auto limit = query.first("limit")) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 || page.limit > max_limit) {
      return refuse(RefusalKind::invalid, "limit is a number from 1 to 500", "limit");
    }
  }
  if (const auto cursor = query.first("cursor"); cursor && !cursor->empty()) {
    const bool ordered = !page.order.by.empty();
    auto key = parse_cursor(*cursor, key_parts + (ordered ? 1 : 0));
    if (!key || (ordered && key->front() != page.order.str())) {
      return refuse(RefusalKind::invalid, "cursor is not one that this list gave out in this order", "cursor");
    }
    if (ordered) key->erase(key->begin());
    const auto& numeric = sorting.numeric;
    const bool begins_with_number = std::find(numeric.begin(), numeric.end(), page.order.by) != numeric.end();
    if ((begins_with_number && !is_number(key->front())) || (sorting.ends_with_number && !is_number(key->back()))) {
      return refuse(RefusalKind::invalid, "cursor is not one that this list gave out", "cursor");
    }
    page.after = std::move(*key);
  }
  return page;
}

}  // namespace

Result<PageRequest> parse_page(const Parameters& query, std::size_t key_parts, const Sorting& sorting) {
  auto order = parse_order(query, sorting);
  if (!order) return pass_on(order);
  return parse_place(query, key_parts, std::move(*order), sorting);
}

Result<PageRequest> parse_page(const Parameters& query, std::size_t key_parts) {
  return parse_place(query, key_parts, {});
}

Response page(const Request& request, const boost::json::array& rows, std::optional<std::int64_t> total,
              const std::optional<std::vector<std::string>>& last_key) {
  auto response = json(rows);
  if (total) response.with("X-Total-Count", std::to_string(*total));
  if (last_key) response.with("Link", "<" + next_address(request, *last_key) + ">; rel=\"next\"");
  return response;
}

Response page_of_many(const Request& request, const boost::json::array& rows, std::int64_t total, bool is_minimum,
                      const std::optional<std::vector<std::string>>& last_key) {
  auto response = page(request, rows, total, last_key);
  if (is_minimum) response.with("X-Total-Count-Is-Minimum", "true");
  return response;
}

}  // namespace spectacles::http
