// Bytes of a connection to a Request. Knows no sockets: bytes are put in, and it says what it needs next.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "http/request.h"

namespace spectacles::http {

struct RequestLimits {
  std::size_t head_bytes;
  std::size_t body_bytes;
};

// For one request. Its strictness is that of head_scan.h and of RFC 9112 section 6: one Content-Length of digits only,
// or "chunked" and nothing else, never both; HTTP/1.1 has one Host.
class RequestParser : private boost::beast::http::basic_parser<true> {
 public:
  enum class Progress { needs_more, done, refused };

  explicit RequestParser(RequestLimits limits);

  // Takes what belongs to this request off the front of `input`. After done and refused it must not be called again.
  Progress advance(boost::beast::flat_buffer& input);

  // Whether the client waits for "100 Continue" before it sends the body. Meaningful after needs_more.
  bool expects_continue() const { return expects_continue_ && is_header_done(); }

  // After done: the request, but for remote_address, secure and id; host is empty for HTTP/1.0 without Host. Of a
  // refused request, what was read of it.
  Request& request() { return request_; }
  bool keeps_alive() const { return keep_alive(); }
  bool is_http_1_0() const { return version_ == 10; }

  // After refused: the status (400, 413, 431) and why.
  int refused_status() const { return refused_status_; }
  const std::string& refused_text() const { return refused_text_; }

 private:
  using StringView = boost::beast::string_view;
  using ErrorCode = boost::beast::error_code;
  using Field = boost::beast::http::field;

  void on_request_impl(boost::beast::http::verb method, StringView method_text, StringView target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int, StringView, int, ErrorCode&) override {}
  void on_field_impl(Field name, StringView name_text, StringView value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override;
  std::size_t on_body_impl(StringView bytes, ErrorCode&) override;
  void on_chunk_header_impl(std::uint64_t, StringView, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, StringView bytes, ErrorCode&) override;
  void on_finish_impl(ErrorCode&) override {}

  Progress advance_head(boost::beast::flat_buffer& input);
  Progress refuse(int status, std::string text);
  Progress refuse_error(ErrorCode error);
  void stop(std::string text, ErrorCode& error);

  const RequestLimits limits_;
  Request request_;
  std::size_t scanned_ = 0;
  bool empty_line_is_skipped_ = false;
  bool head_is_scanned_ = false;
  int version_ = 11;
  int content_lengths_ = 0;
  int transfer_encodings_ = 0;
  int hosts_ = 0;
  bool host_is_in_target_ = false;
  bool expects_continue_ = false;
  int refused_status_ = 0;
  std::string refused_text_;
};

}  // namespace spectacles::http
