// What happens, told to everybody who listens as it happens: what activity records, what the token endpoint refuses,
// what is pulled, how far the background is. It is read from the database, so that it does not matter which process did
// it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access/store_sql.h"
#include "accounts/session.h"
#include "audit/decisions_sql.h"
#include "audit/store_sql.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/synced.h"
#include "catalog/store_sql.h"
#include "db/database.h"
#include "http/feed.h"

namespace spectacles::app {

// Up to where something was told: the highest ids of activity, of decisions and of what registries told. Writers take
// turns, so that an id which is seen later is a higher one.
struct LivePosition {
  std::int64_t event = 0;
  std::int64_t decision = 0;
  std::int64_t pull = 0;

  std::string str() const;
  // Nothing for what str() has not made.
  static std::optional<LivePosition> parse(std::string_view text);
};

class Live {
 public:
  static constexpr std::size_t most_for_one = 8;  // streams of an account

  struct Sources {
    db::Database& database;
    const Clock& clock;
    audit::ActivityStore& activity;
    audit::DecisionStore& decisions;
    access::AccessStore& access;
    catalog::SyncStore& sync;
  };

  // All of them must outlive it.
  explicit Live(const Sources& sources) : sources_(sources) {}
  ~Live();  // stops
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  void start();
  void stop();  // all streams end

  // A stream for who is signed in: of what comes after `after`, else of what comes from now on. It ends soon after the
  // session does, or when the role is another. Refuses (too_many) more streams than an account may have.
  Result<std::shared_ptr<http::Feed>> join(const accounts::SignedIn& who, std::optional<LivePosition> after);

 private:
  struct Listener {
    std::weak_ptr<http::Feed> feed;
    accounts::SignedIn who;
    std::optional<LivePosition> after = {};
    bool greeted = false;
    bool missed = false;  // something did not fit
    std::chrono::steady_clock::time_point told_at = {};
  };
  struct Listeners {
    std::vector<Listener> all;
    bool woken = false;
    bool stopped = false;
  };
  struct Batch;

  void run(const std::stop_token& stop);
  void round();
  void check_sessions(std::vector<Listener>& listeners);
  Batch read_batch(const LivePosition& after, const LivePosition& until);
  LivePosition newest();
  void tell(Listener& listener, const Batch& batch);
  void tell_sync(std::vector<Listener>& listeners);
  static void say(Listener& listener, std::string_view message);

  const Sources sources_;
  Synced<Listeners> listeners_;
  std::condition_variable_any changed_;
  // Of the thread alone.
  std::optional<LivePosition> position_;
  std::map<RegistryId, std::string> sync_states_;
  std::chrono::steady_clock::time_point checked_at_ = {};
  bool failed_ = false;
  std::jthread thread_;
};

}  // namespace spectacles::app
