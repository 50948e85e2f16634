// The web server: coroutines on the inside, plain functions for everybody else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace spectacles::http {

struct TlsFiles {
  std::filesystem::path key;
  std::filesystem::path certificate;  // PEM, leaf first
};

struct ServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 5050;
  std::optional<TlsFiles> tls;  // given: HTTPS (1.2 and later) on this port, and plain HTTP there is told so (400)
  std::vector<std::string> trusted_proxies;  // addresses and networks (CIDR) whose X-Forwarded-For, -Proto, -Host count
  std::string web_root;                      // "" or "/prefix": cut off the path; paths without it are 404 ...
  std::vector<std::string> also_without_web_root;  // ... but these
  int io_threads = 1;                              // read, write, and run what is quick
  int workers = 4;
  std::size_t queue = 256;                   // requests that wait for a worker; more are 503 with Retry-After
  int hashers = 2;                           // threads for answers that come later (Response::later)
  std::size_t hash_queue = 256;              // requests that wait for one of these; more are 503 with Retry-After
  std::size_t max_body_bytes = 1024 * 1024;  // more: 413
  std::size_t max_header_bytes = 32 * 1024;  // more: 431
  std::chrono::seconds read_timeout{30};     // for a whole request once it has begun
  std::chrono::seconds idle_timeout{75};     // between requests
  std::chrono::seconds drain_timeout{10};
  std::size_t max_connections = 4096;
};

// Runs from construction until destruction. `handle` is called on worker threads, by several at once; for a request
// that `is_quick` it is called on the thread that read it first, where it must not wait (base/waiting.h), and on a
// worker only when it throws WouldWait there.
class Server {
 public:
  using Handle = std::function<Response(Request&)>;
  using IsQuick = std::function<bool(const Request&)>;

  // Binds and starts. Throws std::exception, naming address or file, when it cannot listen or read the TLS files.
  Server(ServerOptions options, Handle handle, IsQuick is_quick = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;  // the one that was bound, for options.port = 0

  // Takes no new connection, answers the requests under way (Connection: close), then returns; after drain_timeout it
  // cuts what is left.
  void drain();

  // Reads key and certificate again, for the connections that come from now on. Throws as the constructor does when
  // they are wrong, and keeps the old ones then.
  void reload_tls();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace spectacles::http
