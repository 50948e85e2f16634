// The socket that new connections come from.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

namespace spectacles::http {

// Listens on an IPv4 or IPv6 address ("::" takes both). Throws std::runtime_error that names address and port when that
// cannot be had.
boost::asio::ip::tcp::acceptor listen_on(const boost::asio::any_io_executor& executor, const std::string& address,
                                         std::uint16_t port);

}  // namespace spectacles::http
