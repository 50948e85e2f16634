#include "http/reply.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <stdexcept>

#include "base/ascii.h"
#include "http/feed.h"

namespace spectacles::http {
namespace {

constexpr std::size_t most_copied_bytes = 16 * 1024;

constexpr std::array<std::string_view, 5> own_headers{"Content-Length", "Connection", "Transfer-Encoding", "Date",
                                                      "X-Request-Id"};

struct Default {
  std::string_view name;
  std::string_view value;
};
constexpr std::array<Default, 2> security_headers{
    {{"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "same-origin"}}};

// Characters of a header's name (RFC 9110 section 5.6.2).
constexpr auto token_characters = [] {
  std::array<bool, 256> characters{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) characters[static_cast<unsigned char>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) characters[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) characters[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) characters[static_cast<std::size_t>(c)] = true;
  return characters;
}();

bool is_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return token_characters[static_cast<unsigned char>(c)]; });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

void check_header(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_value(value)) {
    throw std::logic_error(fmt::format("an answer has a header that cannot be sent: {}", name));
  }
  const auto is_same = [&](std::string_view own) { return equal_ignoring_case(own, name); };
  if (std::any_of(own_headers.begin(), own_headers.end(), is_same)) {
    throw std::logic_error(fmt::format("an answer sets a header that is the server's own: {}", name));
  }
}

// The date of RFC 9110 section 5.6.7, rendered once a second and thread.
std::string_view date() {
  thread_local std::time_t rendered_at = 0;
  thread_local std::string rendered;
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (now != rendered_at) {
    rendered = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    rendered_at = now;
  }
  return rendered;
}

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return equal_ignoring_case(header.first, name); });
}

// RFC 9110 section 8.6: these have no Content-Length.
bool has_length(int status) {
  return status >= 200 && status != 204 && status != 304;
}

// The chunks of RFC 9112 section 7.1. An empty one would be the last.
Stream in_chunks(Stream parts) {
  return [parts = std::move(parts), ended = false]() mutable -> std::optional<std::string> {
    if (ended) return std::nullopt;
    auto part = parts();
    if (part && part->empty()) return part;
    if (part) return fmt::format("{:x}\r\n{}\r\n", part->size(), *part);
    ended = true;
    return "0\r\n\r\n";
  };
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Reply render_reply(Response response, const ReplyTo& to) {
  constexpr std::size_t room_for_head = 512;
  const auto body = response.static_body.empty() ? std::string_view(response.body) : response.static_body;
  Reply reply;
  // To HTTP/1.0 only the end of the connection tells the end of what has no length; so it is for a feed.
  const bool is_plain = to.is_http_1_0 || feed_of(response.stream);
  reply.keep_alive = to.keep_alive && !(response.stream && is_plain);
  auto& head = reply.bytes;
  head.reserve(room_for_head + (body.size() <= most_copied_bytes ? body.size() : 0));
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(1, ' ');
  head.append(reason_phrase(response.status)).append("\r\n");
  append_header(head, "Date", date());
  for (const auto& [name, value] : response.headers) {
    check_header(name, value);
    append_header(head, name, value);
  }
  for (const auto& [name, value] : security_headers) {
    if (!has_header(response, name)) append_header(head, name, value);
  }
  if (!to.request_id.empty()) append_header(head, "X-Request-Id", to.request_id);
  if (!reply.keep_alive) append_header(head, "Connection", "close");
  if (reply.keep_alive && to.is_http_1_0) append_header(head, "Connection", "keep-alive");

  if (response.stream) {
    head += is_plain ? "\r\n" : "Transfer-Encoding: chunked\r\n\r\n";
    if (to.without_body) return reply;
    reply.stream = is_plain ? std::move(response.stream) : in_chunks(std::move(response.stream));
    return reply;
  }
  if (has_length(response.status)) append_header(head, "Content-Length", std::to_string(body.size()));
  head += "\r\n";
  if (to.without_body || !has_length(response.status)) return reply;

  if (body.size() <= most_copied_bytes) {
    reply.bytes += body;
  } else if (response.static_body.empty()) {
    reply.large_body = std::move(response.body);
  } else {
    reply.static_body = response.static_body;
  }
  return reply;
}

}  // namespace spectacles::http
