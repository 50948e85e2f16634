#include "http/dispatcher.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <random>
#include <stdexcept>

#include "base/log.h"
#include "base/waiting.h"
#include "http/fault.h"
#include "http/feed.h"
#include "http/target.h"

namespace spectacles::http {
namespace {

constexpr std::string_view retry_after_seconds = "1";
// What is longer is no usual request, and reading it may take as long as a hundred of those.
constexpr std::size_t longest_quick_bytes = 4 * 1024;

std::string checked_web_root(std::string root) {
  if (!root.empty() && (!root.starts_with('/') || root.ends_with('/'))) {
    throw std::invalid_argument(fmt::format("the web root \"{}\" must start with '/' and not end with it", root));
  }
  return root;
}

// Tells the requests of this process from those of any other.
std::string make_id_prefix() {
  std::random_device random;
  return fmt::format("{:08x}{:04x}", random(), random() & 0xffff);
}

// What fails after the head was sent cannot become another answer any more.
Stream log_faults_of(Stream stream, const Request& request) {
  return [stream = std::move(stream), id = request.id, path = request.path] {
    try {
      return stream();
    } catch (const std::exception& fault) {
      log::error("an answer was cut off", {{"request", id}, {"path", path}, {"reason", fault.what()}});
      throw;
    }
  };
}

std::int64_t microseconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Dispatcher::Dispatcher(const ServerOptions& options, Server::Handle handle, Server::IsQuick is_quick)
    : web_root_(checked_web_root(options.web_root)),
      also_without_web_root_(options.also_without_web_root),
      proxies_(options.trusted_proxies),
      handle_(std::move(handle)),
      is_quick_(std::move(is_quick)),
      id_prefix_(make_id_prefix()) {}

std::string Dispatcher::next_id() {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), ++last_id_, 16).ptr;
  std::string id;
  id.reserve(id_prefix_.size() + 1 + digits.size());
  return id.append(id_prefix_).append(1, '-').append(digits.begin(), end);
}

Response Dispatcher::call(const Request& request, const std::function<Result<Response>()>& work) const {
  try {
    auto response = work();
    return response ? *std::move(response) : problem(response.error(), request.id);
  } catch (const WouldWait&) {
    throw;
  } catch (const std::exception& fault) {
    return answer_fault(request, fault);
  } catch (...) {
    return answer_unknown_fault(request);
  }
}

Dispatcher::Answer Dispatcher::begin(RequestParser& parser, const Peer& peer) {
  const auto begin = std::chrono::steady_clock::now();
  Request& request = parser.request();
  request.id = next_id();
  request.remote_address = peer.remote_address;
  request.secure = peer.secure;
  if (request.host.empty()) request.host = peer.local_authority;
  proxies_.apply(request);

  auto path = behind_web_root(request.path, web_root_, also_without_web_root_);
  if (!path) return {finish(parser, problem(404, "there is nothing at " + request.path, request.id), begin)};
  request.path = *std::move(path);
  request.web_root = web_root_;
  const bool is_short = request.raw_query.size() + request.body.size() <= longest_quick_bytes;
  if (is_quick_ && is_short && is_quick_(request)) {
    const MustNotWait here;
    try {
      return answer(parser, begin);
    } catch (const WouldWait&) {
      // Once more, where it may.
    }
  }
  return {.on = Pool::workers, .find = [this, &parser, begin] { return answer(parser, begin); }};
}

Dispatcher::Answer Dispatcher::answer(RequestParser& parser, TimePoint begin) const {
  Request& request = parser.request();
  return conclude(parser, call(request, [&]() -> Result<Response> { return handle_(request); }), begin);
}

Dispatcher::Answer Dispatcher::conclude(RequestParser& parser, Response response, TimePoint begin) const {
  if (!response.later) return {finish(parser, std::move(response), begin)};
  return {.on = response.later_on, .find = [this, &parser, begin, work = std::move(response.later)] {
            return conclude(parser, call(parser.request(), work), begin);
          }};
}

Reply Dispatcher::finish(RequestParser& parser, Response response, TimePoint begin) const {
  const Request& request = parser.request();
  const ReplyTo to{.request_id = request.id,
                   .without_body = request.method == Method::head,
                   .is_http_1_0 = parser.is_http_1_0(),
                   .keep_alive = parser.keeps_alive() && !closing_};
  log::debug("request answered", {{"request", request.id},
                                  {"method", render_method(request.method)},
                                  {"path", request.path},
                                  {"status", response.status},
                                  {"client", request.remote_address},
                                  {"microseconds", microseconds_since(begin)}});
  if (response.stream && !feed_of(response.stream))
    response.stream = log_faults_of(std::move(response.stream), request);
  try {
    return render_reply(std::move(response), to);
  } catch (const std::logic_error& fault) {
    return render_reply(answer_fault(request, fault), to);
  }
}

Reply Dispatcher::refuse(int status, std::string_view text, const Peer& peer) {
  const auto id = next_id();
  log::debug("request refused",
             {{"request", id}, {"status", status}, {"client", peer.remote_address}, {"reason", text}});
  return render_reply(problem(status, text, id), {.request_id = id, .keep_alive = false});
}

Reply Dispatcher::refuse_as_busy(RequestParser& parser, const Peer& peer) {
  const auto id = next_id();
  log::debug("request refused", {{"request", id}, {"client", peer.remote_address}, {"reason", "too many are waiting"}});
  auto response = problem(503, "too many requests are waiting; try again in a moment", id);
  response.with("Retry-After", std::string(retry_after_seconds));
  return render_reply(std::move(response), {.request_id = id,
                                            .without_body = parser.request().method == Method::head,
                                            .is_http_1_0 = parser.is_http_1_0(),
                                            .keep_alive = parser.keeps_alive() && !closing_});
}

}  // namespace spectacles::http
