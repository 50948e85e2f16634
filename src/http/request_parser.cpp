#include "http/request_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "base/ascii.h"
#include "http/head_scan.h"
#include "http/target.h"

namespace spectacles::http {
namespace {

namespace beast = boost::beast;

// A client may announce much and send nothing: memory for the rest is taken when it comes.
constexpr std::uint64_t most_reserved_bytes = 64 * 1024;

// "0\r\n\r\n": so many bytes always follow while a chunked body is not done. Given fewer, a second time, Beast 1.81
// stops the program by an assertion that is wrong when the last chunk is the first.
constexpr std::size_t shortest_last_chunk = 5;

Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::get;
    case beast::http::verb::head:
      return Method::head;
    case beast::http::verb::post:
      return Method::post;
    case beast::http::verb::put:
      return Method::put;
    case beast::http::verb::patch:
      return Method::patch;
    case beast::http::verb::delete_:
      return Method::del;
    case beast::http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view view_of(const beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

}  // namespace

RequestParser::RequestParser(RequestLimits limits) : limits_(limits) {
  constexpr std::size_t usual_headers = 8;
  request_.headers.reserve(usual_headers);
  eager(true);
  header_limit(static_cast<std::uint32_t>(limits.head_bytes));
  body_limit(limits.body_bytes);
}

RequestParser::Progress RequestParser::advance(beast::flat_buffer& input) {
  if (!head_is_scanned_) {
    const auto progress = advance_head(input);
    if (!head_is_scanned_) return progress;
  }
  while (!is_done() && input.size() >= (chunked() ? shortest_last_chunk : 1)) {
    ErrorCode error;
    const auto used = put(input.data(), error);
    input.consume(used);
    if (error == beast::http::error::need_more) break;
    if (error) return refuse_error(error);
  }
  if (is_done()) return Progress::done;
  // What is left is the line of a chunk or the trailer, not yet whole.
  if (input.size() > limits_.head_bytes) return refuse(400, "a chunk of the body has an endless head");
  return Progress::needs_more;
}

RequestParser::Progress RequestParser::advance_head(beast::flat_buffer& input) {
  // One empty line before the request is forgiven (RFC 9112 section 2.2).
  if (scanned_ == 0 && !empty_line_is_skipped_ && view_of(input).starts_with("\r\n")) {
    input.consume(2);
    empty_line_is_skipped_ = true;
  }
  switch (scan_head(view_of(input), scanned_)) {
    case HeadScan::malformed:
      return refuse(400, "the head of the request is malformed");
    case HeadScan::incomplete:
      if (input.size() >= limits_.head_bytes) break;
      return Progress::needs_more;
    case HeadScan::complete:
      if (scanned_ > limits_.head_bytes) break;
      head_is_scanned_ = true;
      return Progress::needs_more;
  }
  return refuse(431, fmt::format("the head of the request is larger than {} bytes", limits_.head_bytes));
}

RequestParser::Progress RequestParser::refuse(int status, std::string text) {
  refused_status_ = status;
  if (refused_text_.empty()) refused_text_ = std::move(text);
  return Progress::refused;
}

RequestParser::Progress RequestParser::refuse_error(ErrorCode error) {
  if (error == beast::http::error::body_limit) {
    return refuse(413, fmt::format("the body is larger than {} bytes", limits_.body_bytes));
  }
  if (error == beast::http::error::header_limit) return refuse(431, "the head of the request is too large");
  return refuse(400, "the request is malformed: " + error.message());
}

void RequestParser::stop(std::string text, ErrorCode& error) {
  refused_text_ = std::move(text);
  error = beast::http::error::bad_value;  // any: refused_text_ is what is reported
}

void RequestParser::on_request_impl(beast::http::verb method, StringView, StringView target, int version,
                                    ErrorCode& error) {
  version_ = version;
  request_.method = method_of(method);
  auto parsed = http::parse_target(target);
  if (!parsed) return stop(parsed.error().text, error);
  request_.path = std::move(parsed->path);
  request_.raw_query = std::move(parsed->query);
  request_.host = std::move(parsed->host);
  host_is_in_target_ = !request_.host.empty();
}

void RequestParser::on_field_impl(Field name, StringView name_text, StringView value, ErrorCode& error) {
  if (is_header_done()) return;  // a trailer: nothing here asks for any, and it must not pass for a header
  if (name == Field::content_length) {
    ++content_lengths_;
    if (!is_digits(value)) return stop("Content-Length must be a number", error);
  } else if (name == Field::transfer_encoding) {
    ++transfer_encodings_;
    if (!equal_ignoring_case(value, "chunked")) return stop("Transfer-Encoding must be chunked", error);
  } else if (name == Field::host) {
    ++hosts_;
    if (!is_authority(value)) return stop("Host must be a name or address, with or without a port", error);
    if (!host_is_in_target_) request_.host = value;
  } else if (name == Field::expect) {
    if (!equal_ignoring_case(value, "100-continue")) return stop("Expect must be 100-continue", error);
    expects_continue_ = true;
  }
  request_.headers.emplace_back(to_lower(name_text), value);
}

void RequestParser::on_header_impl(ErrorCode& error) {
  if (content_lengths_ + transfer_encodings_ > 1) {
    return stop("there must be one Content-Length or Transfer-Encoding", error);
  }
  if (transfer_encodings_ > 0 && is_http_1_0()) return stop("HTTP/1.0 has no Transfer-Encoding", error);
  if (hosts_ > 1 || (hosts_ == 0 && !is_http_1_0())) return stop("there must be one Host header", error);
  if (is_http_1_0()) expects_continue_ = false;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  if (length) request_.body.reserve(std::min(*length, most_reserved_bytes));
}

std::size_t RequestParser::on_body_impl(StringView bytes, ErrorCode&) {
  request_.body.append(bytes);
  return bytes.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, StringView bytes, ErrorCode&) {
  request_.body.append(bytes);
  return bytes.size();
}

}  // namespace spectacles::http
