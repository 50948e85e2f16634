#include "http/feed.h"

#include <utility>

namespace spectacles::http {

bool Feed::push(std::string_view part) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || waiting_.size() + part.size() > most_bytes_) return false;
    waiting_ += part;
  }
  wake();
  return true;
}

void Feed::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake();
}

Feed::Taken Feed::take() {
  const std::lock_guard lock(mutex_);
  return {.bytes = std::exchange(waiting_, {}), .ended = ended_};
}

void Feed::on_change(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void Feed::wake() {
  const std::lock_guard lock(mutex_);
  wake_();
}

Response feeding(std::shared_ptr<Feed> feed, std::string content_type) {
  return streamed(Feeding{std::move(feed)}, std::move(content_type));
}

}  // namespace spectacles::http
