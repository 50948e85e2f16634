#include "audit/decision_log.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace spectacles::audit {
namespace {

// One transaction: others get their turn to write in between.
constexpr std::size_t most_at_once = 500;
constexpr std::chrono::seconds most_wait{2};

std::int64_t sum_of(const Dropped& dropped) {
  std::int64_t sum = 0;
  for (const auto& [hour, count] : dropped) sum += count;
  return sum;
}

}  // namespace

std::size_t DecisionLog::Hash::of(const KeyView& key) {
  std::size_t hash = std::hash<std::string_view>{}(key.repository);
  const auto mix = [&hash](std::size_t more) { hash = hash * 0x9e3779b97f4a7c15U + more; };
  mix(std::hash<std::string_view>{}(key.user));
  mix(std::hash<RegistryId>{}(key.registry));
  mix(static_cast<std::size_t>(to_millis(key.hour)));
  return hash;
}

bool DecisionLog::Equal::are_equal(const KeyView& left, const KeyView& right) {
  return left.hour == right.hour && left.registry == right.registry && left.granted == right.granted &&
         left.repository == right.repository && left.user == right.user;
}

DecisionLog::DecisionLog(DecisionWriter& writer, const Clock& clock, DecisionLogOptions options)
    : writer_(writer), clock_(clock), options_(options) {}

DecisionLog::~DecisionLog() {
  stop();
}

void DecisionLog::record(const Decided& decided) {
  const Time now = clock_.now();
  bool half_full = false;
  {
    auto waiting = waiting_.lock();
    const bool was = is_half_full(*waiting);
    if (decided.verdict() == Verdict::granted && decided.rule != credentials_rule) {
      if (decided.requested.empty()) return;
      take_grant(*waiting, decided, now);
    } else if (waiting->refusals.size() < options_.most_refusals) {
      waiting->refusals.push_back(keep(decided, now));
      waiting->refusals.back().verdict = Verdict::refused;  // also where nothing was asked for but to be let in
    } else {
      ++waiting->dropped[hour_of(now)];
    }
    half_full = !was && is_half_full(*waiting);
  }
  if (half_full) half_full_.notify_one();
}

void DecisionLog::take_grant(Waiting& waiting, const Decided& decided, Time now) {
  const KeyView key{hour_of(now), decided.user, decided.registry_id, decided.repository, decided.granted};
  if (const auto found = waiting.grants.find(key); found != waiting.grants.end()) {
    add(found->second, decided, now);
  } else if (waiting.grants.size() < options_.most_grants) {
    waiting.grants.emplace(Key{key.hour, std::string(key.user), key.registry, std::string(key.repository), key.granted},
                           keep(decided, now));
  } else {
    ++waiting.dropped[key.hour];
  }
}

bool DecisionLog::is_half_full(const Waiting& waiting) const {
  return waiting.refusals.size() > options_.most_refusals / 2 || waiting.grants.size() > options_.most_grants / 2;
}

void DecisionLog::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void DecisionLog::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard one(writing_);
  write(true);
}

void DecisionLog::run(const std::stop_token& stop) {
  auto grants_due = std::chrono::steady_clock::now() + options_.grants_every;
  while (!stop.stop_requested()) {
    bool with_grants = false;
    {
      auto waiting = waiting_.lock();
      // While the database fails, a full buffer is no reason to ask it more often.
      const auto is_urgent = [&] { return !failed_ && is_half_full(*waiting); };
      with_grants = half_full_.wait_for(waiting.lock(), stop, options_.refusals_every, is_urgent);
    }
    if (stop.stop_requested()) return;  // stop() writes the rest
    if (std::chrono::steady_clock::now() >= grants_due) with_grants = true;
    if (with_grants) grants_due = std::chrono::steady_clock::now() + options_.grants_every;
    const std::lock_guard one(writing_);
    write(with_grants);
  }
}

void DecisionLog::flush() {
  const std::unique_lock one(writing_, most_wait);
  if (one.owns_lock()) write(true);
}

// What was left over goes first: as long as it cannot be written, nothing more is taken, and the bound holds.
void DecisionLog::write(bool with_grants) {
  try {
    write_pending();
    take(with_grants);
    write_pending();
    if (failed_.exchange(false)) log::info("decisions are written again");
  } catch (const std::exception& fault) {
    if (!failed_.exchange(true)) {
      log::warn("decisions cannot be written, trying again", {{"reason", fault.what()}});
    }
  }
}

void DecisionLog::take(bool with_grants) {
  Waiting taken;
  {
    auto waiting = waiting_.lock();
    taken.refusals.swap(waiting->refusals);
    taken.dropped.swap(waiting->dropped);
    if (with_grants) taken.grants.swap(waiting->grants);
  }
  pending_ = std::move(taken.refusals);
  pending_.reserve(pending_.size() + taken.grants.size());
  for (auto& [key, grant] : taken.grants) pending_.push_back(std::move(grant));
  pending_dropped_ = std::move(taken.dropped);
  if (!pending_dropped_.empty()) {
    log::warn("decisions were dropped, for too many wait", {{"count", sum_of(pending_dropped_)}});
  }
}

void DecisionLog::write_pending() {
  while (written_ < pending_.size() || !pending_dropped_.empty()) {
    const auto count = std::min(most_at_once, pending_.size() - written_);
    writer_.write(std::span(pending_).subspan(written_, count), pending_dropped_);
    pending_dropped_.clear();
    written_ += count;
  }
  pending_.clear();
  written_ = 0;
}

}  // namespace spectacles::audit
