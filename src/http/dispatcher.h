// What happens to a request between the wire and its handler, and to the answer on its way back. Plain functions;
// nothing here waits for the network.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/forwarded.h"
#include "http/reply.h"
#include "http/request_parser.h"
#include "http/server.h"

namespace spectacles::http {

// What the connection says of a request.
struct Peer {
  std::string_view remote_address;
  std::string_view local_authority;
  bool secure = false;
};

class Dispatcher {
 public:
  // Throws std::invalid_argument for a trusted proxy or WEB_ROOT that is none.
  Dispatcher(const ServerOptions& options, Server::Handle handle, Server::IsQuick is_quick);

  // An answer, or where and how to go on finding it.
  struct Answer {
    std::optional<Reply> reply = {};
    Pool on = Pool::workers;
    std::function<Answer()> find = {};
  };

  // The first part of the way of a request that was read, which never waits: identity, proxies, WEB_ROOT; then handler
  // and bytes, if the handler is quick and the request is short. What it throws becomes 500 or 503 (http/fault.h) and
  // is logged. The parser has to stay until the answer was found.
  Answer begin(RequestParser& parser, const Peer& peer);

  // For a request that was not read to its end, or that cannot be handed to a worker: closes the connection.
  Reply refuse(int status, std::string_view text, const Peer& peer);
  Reply refuse_as_busy(RequestParser& parser, const Peer& peer);

  // From now on every answer ends its connection.
  void close_after_answers() { closing_ = true; }

 private:
  std::string next_id();
  using TimePoint = std::chrono::steady_clock::time_point;

  Answer answer(RequestParser& parser, TimePoint begin) const;
  Answer conclude(RequestParser& parser, Response response, TimePoint begin) const;
  Response call(const Request& request, const std::function<Result<Response>()>& work) const;
  Reply finish(RequestParser& parser, Response response, TimePoint begin) const;

  const std::string web_root_;
  const std::vector<std::string> also_without_web_root_;
  const TrustedProxies proxies_;
  const Server::Handle handle_;
  const Server::IsQuick is_quick_;
  const std::string id_prefix_;
  std::atomic<std::uint64_t> last_id_ = 0;
  std::atomic<bool> closing_ = false;
};

}  // namespace spectacles::http
