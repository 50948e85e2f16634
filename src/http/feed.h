// What is sent to one client as it happens, for as long as he listens. Between two things that happen it holds neither
// a worker nor anything else but the connection.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http/response.h"

namespace spectacles::http {

// Between who tells and the connection, which owns it: when the client goes, so does the feed, and a weak_ptr knows.
// May be used by several threads at once.
class Feed {
 public:
  explicit Feed(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Adds to what waits for the client; false, and nothing is added, when that would be more than `most_bytes`.
  bool push(std::string_view part);

  // What waits is still sent; then the connection ends.
  void end();

  // For the server. What waits, which is gone then.
  struct Taken {
    std::string bytes;
    bool ended = false;  // nothing comes after it
  };
  Taken take();
  // Called after each change, on any thread, until it is replaced.
  void on_change(std::function<void()> wake);

 private:
  void wake();

  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::string waiting_;
  bool ended_ = false;
  std::function<void()> wake_ = [] {};
};

// A Stream that the server does not ask for parts but waits for; its connection ends with it.
struct Feeding {
  std::shared_ptr<Feed> feed;

  std::optional<std::string> operator()() const { return std::nullopt; }  // where nobody knows what it is
};

// What `stream` waits for; null when it is a usual one.
inline std::shared_ptr<Feed> feed_of(const Stream& stream) {
  const auto* feeding = stream.target<Feeding>();
  return feeding ? feeding->feed : nullptr;
}

// 200 with a body that `feed` gives; Cache-Control: no-store.
Response feeding(std::shared_ptr<Feed> feed, std::string content_type);

}  // namespace spectacles::http
