// One accepted connection: its socket, TLS on it, what was read ahead, and the time by which something must happen. All
// of it belongs to one I/O thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/request_parser.h"

namespace spectacles::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  explicit Connection(Socket accepted);

  Socket socket;
  std::optional<boost::asio::ssl::stream<Socket&>> tls;
  boost::beast::flat_buffer input;
  std::optional<RequestParser> parser;
  std::string remote_address;
  std::string local_authority;  // address:port of this end
  bool is_idle = true;          // no byte of the next request has come

  // Ends what is under way on the socket (operation_aborted) once that time is over, and says so by timed_out(), until
  // the next call of expire_after or never_expire.
  void expire_after(std::chrono::steady_clock::duration time);
  void never_expire();
  bool timed_out() const { return timed_out_; }

  // For whom something else than the network is waited for: ends the wait. The session then looks again.
  void wake() { waiting.cancel(); }
  boost::asio::steady_timer waiting;

  // Ends what is under way; the session notices and goes.
  void close();
  // As close(), so that the other end can tell it from an end that was meant.
  void abort();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  void arm(TimePoint until);
  void on_timer();

  // Moves only when a deadline comes earlier than the one it waits for; a later one is noticed when it fires. So a
  // request costs no change of timers.
  boost::asio::steady_timer timer_;
  TimePoint armed_until_ = TimePoint::max();
  TimePoint deadline_ = TimePoint::max();
  bool timed_out_ = false;
};

}  // namespace spectacles::http
