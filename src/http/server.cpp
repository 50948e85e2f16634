#include "http/server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "base/log.h"
#include "http/connection.h"
#include "http/dispatcher.h"
#include "http/feed.h"
#include "http/listener.h"
#include "http/tls_context.h"
#include "http/worker_pool.h"

namespace spectacles::http {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using ConnectionPtr = std::shared_ptr<Connection>;

constexpr std::size_t read_bytes = 8 * 1024;
constexpr std::size_t write_bytes = 64 * 1024;
// After an answer to a request that was not read to its end, what the client still sends is read and dropped for so
// long: closing at once would reset the connection, and the client would never see the answer (RFC 9112 section 9.6).
constexpr std::chrono::seconds linger_time{2};
constexpr std::chrono::milliseconds accept_pause{100};
// How long the next part of an answer waits when no worker is free for it: requests come first.
constexpr std::chrono::milliseconds stream_pause{20};
constexpr unsigned char tls_handshake_record = 0x16;

// An I/O thread and the connections it serves; only that thread touches them.
struct Lane {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::unordered_set<ConnectionPtr> connections;  // their sockets must not outlive `io`
  std::thread thread;
};

Peer peer_of(const Connection& connection) {
  return {connection.remote_address, connection.local_authority, connection.tls.has_value()};
}

// Who listens says nothing more: whatever comes from him means that he is gone.
void watch_for_end(const ConnectionPtr& connection) {
  connection->socket.async_wait(Connection::Socket::wait_read, [connection](error_code error) {
    if (!error) connection->close();
  });
}

// Starts a job on the pool and calls `handler`, on the executor, with whether it ran.
struct RunOnPool {
  template <class Handler>
  void operator()(Handler handler, WorkerPool* pool, asio::any_io_executor executor, WorkerPool::Job job) const {
    auto shared = std::make_shared<Handler>(std::move(handler));
    const auto finish = [shared, executor](bool ran) { asio::post(executor, [shared, ran] { (*shared)(ran); }); };
    const bool taken = pool->try_run([finish, job = std::move(job)] {
      job();
      finish(true);
    });
    if (!taken) finish(false);
  }
};

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handle handle, IsQuick is_quick);
  ~Impl();

  std::uint16_t port() const { return port_; }
  void drain();

 private:
  enum class Received { request, refused, timed_out, nothing };

  // The coroutines. Arguments are taken by value, for a frame outlives the call.
  awaitable<void> accept_all();
  awaitable<void> serve(ConnectionPtr connection);
  awaitable<bool> start_tls(ConnectionPtr connection);
  awaitable<void> refuse_plain(ConnectionPtr connection);
  awaitable<Received> receive(ConnectionPtr connection);
  awaitable<Reply> reply_to(ConnectionPtr connection, Received received);
  awaitable<bool> run_on_pool(WorkerPool& pool, WorkerPool::Job job);
  awaitable<bool> send(ConnectionPtr connection, std::string_view bytes);
  awaitable<bool> send_stream(ConnectionPtr connection, Stream stream);
  awaitable<bool> send_feed(ConnectionPtr connection, std::shared_ptr<Feed> feed);
  awaitable<error_code> read_some(ConnectionPtr connection);
  awaitable<void> linger(ConnectionPtr connection);

  WorkerPool& pool_for(Pool pool) { return pool == Pool::hashers ? *hash_pool_ : *pool_; }
  void start_session(Lane& lane, Connection::Socket socket);
  void end_session(Lane& lane, const ConnectionPtr& connection, std::exception_ptr fault);
  void on_each_lane(const std::function<void(Lane&)>& action);
  bool wait_until_closed(std::chrono::seconds time);

  const ServerOptions options_;
  std::optional<asio::ssl::context> tls_;
  Dispatcher dispatcher_;
  std::atomic<bool> draining_ = false;

  std::mutex open_mutex_;
  std::condition_variable all_closed_;
  std::size_t open_ = 0;

  std::vector<std::unique_ptr<Lane>> lanes_;
  std::optional<asio::ip::tcp::acceptor> acceptor_;  // of the first lane
  std::uint16_t port_ = 0;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<WorkerPool> hash_pool_;
};

Server::Impl::Impl(ServerOptions options, Handle handle, IsQuick is_quick)
    : options_(std::move(options)), dispatcher_(options_, std::move(handle), std::move(is_quick)) {
  if (options_.tls) tls_ = load_tls_context(*options_.tls);
  for (int i = 0; i < std::max(options_.io_threads, 1); ++i) lanes_.push_back(std::make_unique<Lane>());
  acceptor_ = listen_on(lanes_.front()->io.get_executor(), options_.address, options_.port);
  port_ = acceptor_->local_endpoint().port();
  pool_ = std::make_unique<WorkerPool>(static_cast<std::size_t>(std::max(options_.workers, 1)), options_.queue);
  hash_pool_ = std::make_unique<WorkerPool>(static_cast<std::size_t>(std::max(options_.hashers, 1)),
                                            options_.hash_queue, WorkerPool::Priority::low);
  asio::co_spawn(lanes_.front()->io, accept_all(), [](const std::exception_ptr&) {});
  for (auto& lane : lanes_) lane->thread = std::thread([&io = lane->io] { io.run(); });
}

// First the I/O threads, so that no request is handed on; then the workers, whose results go to contexts that no longer
// run but still exist; then the contexts with the suspended sessions in them.
Server::Impl::~Impl() {
  for (auto& lane : lanes_) lane->io.stop();
  for (auto& lane : lanes_) lane->thread.join();
  pool_.reset();
  hash_pool_.reset();
  acceptor_.reset();
}

void Server::Impl::drain() {
  draining_ = true;
  dispatcher_.close_after_answers();
  asio::post(lanes_.front()->io, [this] {
    error_code ignored;
    acceptor_->close(ignored);
  });
  on_each_lane([](Lane& lane) {
    for (const auto& connection : lane.connections) {
      if (connection->is_idle) connection->close();
    }
  });
  if (wait_until_closed(options_.drain_timeout)) return;
  log::warn("cutting the connections that did not end in time");
  on_each_lane([](Lane& lane) {
    for (const auto& connection : lane.connections) connection->close();
  });
}

void Server::Impl::on_each_lane(const std::function<void(Lane&)>& action) {
  for (auto& lane : lanes_) asio::post(lane->io, [action, &lane = *lane] { action(lane); });
}

bool Server::Impl::wait_until_closed(std::chrono::seconds time) {
  std::unique_lock lock(open_mutex_);
  return all_closed_.wait_for(lock, time, [this] { return open_ == 0; });
}

awaitable<void> Server::Impl::accept_all() {
  asio::steady_timer pause(lanes_.front()->io);
  for (std::size_t next = 0;; next = (next + 1) % lanes_.size()) {
    error_code error;
    Lane& lane = *lanes_[next];
    auto socket = co_await acceptor_->async_accept(lane.io, redirect_error(use_awaitable, error));
    if (!acceptor_->is_open()) co_return;
    if (error) {  // out of file descriptors, most likely: it passes, but not by asking again at once
      log::warn("cannot take a connection", {{"reason", error.message()}});
      pause.expires_after(accept_pause);
      co_await pause.async_wait(use_awaitable);
      continue;
    }
    start_session(lane, std::move(socket));
  }
}

void Server::Impl::start_session(Lane& lane, Connection::Socket socket) {
  {
    const std::lock_guard lock(open_mutex_);
    if (open_ >= options_.max_connections) return;  // closes the socket
    ++open_;
  }
  asio::post(lane.io, [this, &lane, accepted = std::move(socket)]() mutable {
    auto connection = std::make_shared<Connection>(std::move(accepted));
    lane.connections.insert(connection);
    asio::co_spawn(lane.io, serve(connection), [this, &lane, connection](std::exception_ptr fault) {
      end_session(lane, connection, std::move(fault));
    });
  });
}

void Server::Impl::end_session(Lane& lane, const ConnectionPtr& connection, std::exception_ptr fault) {
  if (fault) {
    try {
      std::rethrow_exception(std::move(fault));
    } catch (const std::exception& thrown) {
      log::error("a connection ended by a fault", {{"reason", thrown.what()}});
    }
  }
  connection->close();
  lane.connections.erase(connection);
  const std::lock_guard lock(open_mutex_);
  if (--open_ == 0) all_closed_.notify_all();
}

awaitable<void> Server::Impl::serve(ConnectionPtr connection) {
  if (tls_) {
    const bool started = co_await start_tls(connection);
    if (!started) co_return;
  }
  for (;;) {
    const Received received = co_await receive(connection);
    if (received == Received::nothing) co_return;
    const Reply reply = co_await reply_to(connection, received);
    const bool sent_bytes = co_await send(connection, reply.bytes);
    if (!sent_bytes) co_return;
    const bool sent_rest = co_await send(connection, reply.rest());
    if (!sent_rest) co_return;
    if (const auto feed = feed_of(reply.stream)) {
      const bool sent_feed = co_await send_feed(connection, feed);
      if (!sent_feed) co_return;
    } else if (reply.stream) {
      const bool sent_stream = co_await send_stream(connection, reply.stream);
      if (!sent_stream) co_return;
    }
    if (!reply.keep_alive) break;
  }
  co_await linger(connection);
}

// Handshake, unless the client speaks plain HTTP, which its first byte tells.
awaitable<bool> Server::Impl::start_tls(ConnectionPtr connection) {
  connection->expire_after(options_.read_timeout);
  error_code error;
  co_await connection->socket.async_wait(Connection::Socket::wait_read, redirect_error(use_awaitable, error));
  if (error) co_return false;
  unsigned char first = 0;
  if (::recv(connection->socket.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT) != 1) co_return false;
  if (first != tls_handshake_record) {
    co_await refuse_plain(connection);
    co_return false;
  }
  connection->tls.emplace(connection->socket, *tls_);
  co_await connection->tls->async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
  if (error) log::debug("TLS handshake failed", {{"client", connection->remote_address}, {"reason", error.message()}});
  co_return !error;
}

awaitable<void> Server::Impl::refuse_plain(ConnectionPtr connection) {
  const Received received = co_await receive(connection);
  if (received == Received::nothing) co_return;
  const auto& host = connection->parser->request().host;
  const auto advice =
      fmt::format("this port speaks HTTPS: use https://{}/\n", host.empty() ? connection->local_authority : host);
  const Reply reply = render_reply(text(advice, 400), {.request_id = {}, .keep_alive = false});
  co_await send(connection, reply.bytes);
  co_await linger(connection);
}

awaitable<Server::Impl::Received> Server::Impl::receive(ConnectionPtr connection) {
  const bool is_first = !connection->parser.has_value();
  connection->parser.emplace(RequestLimits{options_.max_header_bytes, options_.max_body_bytes});
  connection->is_idle = connection->input.size() == 0;
  connection->expire_after(connection->is_idle && !is_first ? options_.idle_timeout : options_.read_timeout);
  bool continued = false;
  for (;;) {
    const auto progress = connection->parser->advance(connection->input);
    if (progress == RequestParser::Progress::done) co_return Received::request;
    if (progress == RequestParser::Progress::refused) co_return Received::refused;
    if (connection->is_idle && draining_) co_return Received::nothing;
    if (connection->parser->expects_continue() && !std::exchange(continued, true)) {
      const bool sent = co_await send(connection, "HTTP/1.1 100 Continue\r\n\r\n");
      if (!sent) co_return Received::nothing;
      connection->expire_after(options_.read_timeout);
    }
    const error_code error = co_await read_some(connection);
    if (connection->timed_out() && !connection->is_idle) co_return Received::timed_out;
    if (error) co_return Received::nothing;
    if (std::exchange(connection->is_idle, false)) connection->expire_after(options_.read_timeout);
  }
}

awaitable<Reply> Server::Impl::reply_to(ConnectionPtr connection, Received received) {
  auto& parser = *connection->parser;
  connection->never_expire();
  if (received == Received::timed_out) {
    co_return dispatcher_.refuse(408, "the request did not come in time", peer_of(*connection));
  }
  if (received == Received::refused) {
    co_return dispatcher_.refuse(parser.refused_status(), parser.refused_text(), peer_of(*connection));
  }
  auto answer = dispatcher_.begin(parser, peer_of(*connection));
  while (!answer.reply) {
    const auto find = std::move(answer.find);
    // The frame waits for the worker, so what the job refers to stays.
    const bool ran = co_await run_on_pool(pool_for(answer.on), [&] { answer = find(); });
    if (!ran) co_return dispatcher_.refuse_as_busy(parser, peer_of(*connection));
  }
  co_return *std::move(answer.reply);
}

awaitable<bool> Server::Impl::run_on_pool(WorkerPool& pool, WorkerPool::Job job) {
  const auto executor = co_await asio::this_coro::executor;
  const bool ran = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(
      RunOnPool{}, use_awaitable, &pool, executor, std::move(job));
  co_return ran;
}

// In pieces, each with its own time, so that a slow client gets a large file and one that reads nothing is let go.
awaitable<bool> Server::Impl::send(ConnectionPtr connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = asio::buffer(bytes.data(), std::min(bytes.size(), write_bytes));
    connection->expire_after(options_.read_timeout);
    error_code error;
    std::size_t written = 0;
    if (connection->tls) {
      written = co_await connection->tls->async_write_some(piece, redirect_error(use_awaitable, error));
    } else {
      written = co_await connection->socket.async_write_some(piece, redirect_error(use_awaitable, error));
    }
    if (error) co_return false;
    bytes.remove_prefix(written);
  }
  co_return true;
}

// A part at a time: while the client takes one, no worker is busy with the next.
awaitable<bool> Server::Impl::send_stream(ConnectionPtr connection, Stream stream) {
  asio::steady_timer pause(connection->socket.get_executor());
  while (connection->socket.is_open()) {
    connection->never_expire();
    std::optional<std::string> part;
    bool failed = false;
    const bool ran = co_await run_on_pool(*pool_, [&] {
      try {
        part = stream();
      } catch (...) {  // logged where the request is known
        failed = true;
      }
    });
    if (failed) {
      connection->abort();
      co_return false;
    }
    if (!ran) {
      pause.expires_after(stream_pause);
      co_await pause.async_wait(use_awaitable);
      continue;
    }
    if (!part) co_return true;
    const bool sent = co_await send(connection, *part);
    if (!sent) co_return false;
  }
  co_return false;
}

// Draining ends it at once, as if the connection were idle: the client comes back and finds another server.
awaitable<bool> Server::Impl::send_feed(ConnectionPtr connection, std::shared_ptr<Feed> feed) {
  const auto executor = connection->socket.get_executor();
  connection->is_idle = true;
  watch_for_end(connection);
  feed->on_change([executor, weak = std::weak_ptr(connection)] {
    asio::post(executor, [weak] {
      if (const auto listening = weak.lock()) listening->wake();
    });
  });
  while (connection->socket.is_open() && !draining_) {
    const auto [bytes, ended] = feed->take();
    const bool sent = co_await send(connection, bytes);
    connection->never_expire();
    if (!sent) co_return false;
    if (ended) {
      error_code ignored;
      connection->socket.cancel(ignored);  // watches no longer
      co_return true;
    }
    if (!bytes.empty()) continue;
    error_code ignored;
    connection->waiting.expires_at(std::chrono::steady_clock::time_point::max());
    co_await connection->waiting.async_wait(redirect_error(use_awaitable, ignored));
  }
  co_return false;
}

awaitable<error_code> Server::Impl::read_some(ConnectionPtr connection) {
  const auto space = connection->input.prepare(read_bytes);
  error_code error;
  std::size_t count = 0;
  if (connection->tls) {
    count = co_await connection->tls->async_read_some(space, redirect_error(use_awaitable, error));
  } else {
    count = co_await connection->socket.async_read_some(space, redirect_error(use_awaitable, error));
  }
  connection->input.commit(count);
  co_return error;
}

awaitable<void> Server::Impl::linger(ConnectionPtr connection) {
  connection->expire_after(std::min<std::chrono::seconds>(linger_time, options_.read_timeout));
  error_code error;
  if (connection->tls) co_await connection->tls->async_shutdown(redirect_error(use_awaitable, error));
  connection->socket.shutdown(Connection::Socket::shutdown_send, error);
  connection->input.clear();
  const auto space = connection->input.prepare(read_bytes);
  while (!error && !connection->timed_out()) {
    co_await connection->socket.async_read_some(space, redirect_error(use_awaitable, error));
  }
}

Server::Server(ServerOptions options, Handle handle, IsQuick is_quick)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handle), std::move(is_quick))) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}

void Server::drain() {
  impl_->drain();
}

}  // namespace spectacles::http
