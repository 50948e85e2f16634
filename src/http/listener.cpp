#include "http/listener.h"

#include <fmt/format.h>

#include <boost/asio/ip/v6_only.hpp>
#include <stdexcept>

namespace spectacles::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

void check(error_code error, const std::string& address, std::uint16_t port) {
  if (!error) return;
  const bool is_ipv6 = address.find(':') != std::string::npos;
  throw std::runtime_error(fmt::format("cannot listen on {}{}{}:{}: {}", is_ipv6 ? "[" : "", address,
                                       is_ipv6 ? "]" : "", port, error.message()));
}

}  // namespace

tcp::acceptor listen_on(const boost::asio::any_io_executor& executor, const std::string& address, std::uint16_t port) {
  error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error) throw std::runtime_error(fmt::format("cannot listen on {}:{}: this is no IP address", address, port));
  const tcp::endpoint endpoint(parsed, port);

  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  check(error, address, port);
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  if (parsed.is_v6()) acceptor.set_option(boost::asio::ip::v6_only(false));
  acceptor.bind(endpoint, error);
  check(error, address, port);
  acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
  check(error, address, port);
  return acceptor;
}

}  // namespace spectacles::http
