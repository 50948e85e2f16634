#include "http/connection.h"

#include <fmt/format.h>

#include "http/forwarded.h"

namespace spectacles::http {
namespace {

using boost::system::error_code;

// How soon a session that has not noticed the end of its time is told again.
constexpr std::chrono::milliseconds reminder{200};

// IPv4 stays IPv4 on a socket that takes both; a zone ("%eth0") is left out.
std::string render_host(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const auto bytes = address.to_v6().to_bytes();
  IpAddress copied{};
  std::copy(bytes.begin(), bytes.end(), copied.begin());
  return render_address(copied);
}

}  // namespace

Connection::Connection(Socket accepted)
    : socket(std::move(accepted)), waiting(socket.get_executor()), timer_(socket.get_executor()) {
  error_code ignored;
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  remote_address = render_host(socket.remote_endpoint(ignored).address());
  const auto local = socket.local_endpoint(ignored);
  const auto host = render_host(local.address());
  local_authority = host.find(':') == std::string::npos ? fmt::format("{}:{}", host, local.port())
                                                        : fmt::format("[{}]:{}", host, local.port());
}

void Connection::expire_after(std::chrono::steady_clock::duration time) {
  timed_out_ = false;
  deadline_ = std::chrono::steady_clock::now() + time;
  if (deadline_ < armed_until_) arm(deadline_);
}

void Connection::never_expire() {
  timed_out_ = false;
  deadline_ = TimePoint::max();
}

void Connection::close() {
  wake();
  error_code ignored;
  socket.shutdown(Socket::shutdown_both, ignored);
  socket.close(ignored);
}

void Connection::abort() {
  error_code ignored;
  socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);  // resets
  socket.close(ignored);
}

void Connection::arm(TimePoint until) {
  armed_until_ = until;
  timer_.expires_at(until);
  timer_.async_wait([weak = weak_from_this()](error_code error) {
    if (error) return;
    if (const auto self = weak.lock()) self->on_timer();
  });
}

void Connection::on_timer() {
  armed_until_ = TimePoint::max();
  if (deadline_ == TimePoint::max()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < deadline_) return arm(deadline_);
  timed_out_ = true;
  error_code ignored;
  socket.cancel(ignored);
  arm(now + reminder);
}

}  // namespace spectacles::http
