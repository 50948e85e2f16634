// For tests: a socket to a server on loopback, bytes in and bytes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spectacles::http {

class RawClient {
 public:
  // Connects; throws std::runtime_error when nobody listens.
  explicit RawClient(std::uint16_t port, const std::string& address = "127.0.0.1");
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  RawClient& send(std::string_view bytes);

  // One whole answer, by its Content-Length; with an empty body for `to_head`. What came of it until the connection
  // ended or five seconds passed.
  std::string answer();
  std::string answer_to_head();

  // Whether the server ends the connection within five seconds, without another byte.
  bool ends();

  int descriptor() const { return socket_; }

 private:
  bool read_more();
  std::string take(std::size_t count);

  int socket_;
  std::string received_;
};

// The status of an answer, 0 if it is none.
int status_of_answer(std::string_view answer);
// The body of an answer.
std::string body_of_answer(std::string_view answer);

}  // namespace spectacles::http
