// What this server offers a TLS client.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "http/server.h"

namespace spectacles::http {

// TLS 1.2 and 1.3 with forward secrecy, and http/1.1 as the protocol (ALPN, RFC 7301). Throws std::runtime_error,
// naming the file and the reason, when key or certificate cannot be read or do not belong together.
boost::asio::ssl::context load_tls_context(const TlsFiles& files);

}  // namespace spectacles::http
