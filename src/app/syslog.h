// Lines of the log to a syslog server: messages of RFC 5424 over UDP (RFC 5426), TCP (RFC 6587, counted octets) or TLS
// (RFC 5425).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/log.h"

namespace spectacles::app {

struct SyslogServer {
  enum class Transport { udp, tcp, tls };
  std::string host;
  std::uint16_t port = 0;
  Transport transport = Transport::udp;
  std::optional<std::filesystem::path> ca = {};  // PEM, instead of the system's authorities
};

// A message as it is sent, without framing. `host` is who sends it.
std::string render_syslog(const log::Line& line, std::string_view host, int process);

// A server that does not answer costs its caller some seconds now and then; lines are lost meanwhile. Its
// certificate has to be good for `server.host`.
log::Outlet syslog_outlet(const SyslogServer& server);

}  // namespace spectacles::app
