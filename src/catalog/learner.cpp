#include "catalog/learner.h"

#include <condition_variable>
#include <deque>
#include <thread>

#include "base/log.h"
#include "base/synced.h"
#include "catalog/details.h"

namespace spectacles::catalog {

class Learner::Engine {
 public:
  Engine(LearnedStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, ApiLimits limits)
      : store_(store), tokens_(std::move(tokens)), own_key_(std::move(own_key)), limits_(limits) {}

  void start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void learn(std::vector<Pushed> pushed) {
    auto waiting = waiting_.lock();
    for (auto& one : pushed) {
      if (waiting->size() >= most_waiting) break;
      waiting->push_back(std::move(one));
    }
    wake_.notify_all();
  }

  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static constexpr std::size_t most_waiting = 1000;

  void run(const std::stop_token& stop) {
    while (auto next = take(stop)) {
      try {
        read(*next, stop);
      } catch (const std::exception& fault) {
        log::warn("notifications: what was pushed could not be read, a pass will",
                  {{"repository", next->repository.str()}, {"reason", fault.what()}});
      }
    }
  }

  std::optional<Pushed> take(const std::stop_token& stop) {
    auto waiting = waiting_.lock();
    wake_.wait(waiting.lock(), stop, [&] { return !waiting->empty(); });
    if (stop.stop_requested() || waiting->empty()) return std::nullopt;
    auto next = std::move(waiting->front());
    waiting->pop_front();
    return next;
  }

  void read(const Pushed& pushed, const std::stop_token& stop) {
    const auto registry = store_.find_registry(pushed.registry);
    if (!registry || store_.unknown(pushed.registry, {pushed.digest}).empty()) return;
    RegistryTokens tokens(*registry, tokens_, limits_.token_age);
    RegistryApi api(*registry, own_key_, tokens, limits_, stop);
    auto manifest = api.manifest(pushed.repository, pushed.digest);
    if (!manifest) return note(pushed, manifest.error());
    if (!*manifest) return;  // deleted meanwhile
    ReadDetails details;
    const auto unknown = [&](const std::vector<Digest>& digests) { return store_.unknown(pushed.registry, digests); };
    read_details(api, pushed.repository, std::move(**manifest), unknown, Configurations::at_once, details);
    store_.write(pushed.registry, details);
    if (details.failure) note(pushed, *details.failure);
  }

  void note(const Pushed& pushed, const ApiFailure& failure) {
    log::warn("notifications: what was pushed could not be read, a pass will",
              {{"repository", pushed.repository.str()}, {"reason", failure.text}});
    // Each further question would wait for its time limit.
    if (failure.unreachable) {
      std::erase_if(*waiting_.lock(), [&](const Pushed& one) { return one.registry == pushed.registry; });
    }
  }

  LearnedStore& store_;
  TokenSource tokens_;
  std::optional<crypto::PublicKey> own_key_;
  const ApiLimits limits_;
  Synced<std::deque<Pushed>> waiting_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

Learner::Learner(LearnedStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, ApiLimits limits)
    : engine_(std::make_unique<Engine>(store, std::move(tokens), std::move(own_key), limits)) {}

Learner::~Learner() {
  stop();
}

void Learner::start() {
  engine_->start();
}

void Learner::learn(std::vector<Pushed> pushed) {
  engine_->learn(std::move(pushed));
}

void Learner::stop() {
  engine_->stop();
}

}  // namespace spectacles::catalog
