#include "audit/decision_log.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace spectacles::audit {
namespace {

// One transaction: others get their turn to write in between.
constexpr std::size_t most_at_once = 1000;
constexpr std::chrono::seconds most_wait{2};

std::int64_t sum_of(const Dropped& dropped) {
  std::int64_t sum = 0;
  for (const auto& [hour, count] : dropped) sum += count;
  return sum;
}

}  // namespace

DecisionLog::DecisionLog(DecisionWriter& writer, const Clock& clock, DecisionLogOptions options)
    : writer_(writer), clock_(clock), options_(options) {}

DecisionLog::~DecisionLog() {
  stop();
}

void DecisionLog::record(const Decided& decided) {
  const Time now = clock_.now();
  const bool is_grant = decided.verdict() == Verdict::granted && decided.rule != credentials_rule;
  if (is_grant && decided.requested.empty()) return;
  // What can be made without the lock is.
  const auto key = is_grant ? std::optional(GrantKey::of(decided, now)) : std::nullopt;
  auto refusal = is_grant ? std::nullopt : std::optional<WaitingDecision>(std::in_place, decided, now, std::nullopt);
  bool half_full = false;
  {
    auto waiting = waiting_.lock();
    const bool was = is_half_full(*waiting);
    is_grant ? take_grant(*waiting, *key, decided, now) : take_refusal(*waiting, *std::move(refusal));
    half_full = !was && is_half_full(*waiting);
  }
  if (half_full) half_full_.notify_one();
}

void DecisionLog::take_grant(Waiting& waiting, const GrantKey& key, const Decided& decided, Time now) {
  if (const auto found = waiting.grants.find(key); found != waiting.grants.end()) {
    return found->second.add(decided, now);
  }
  if (waiting.grant_bytes >= options_.most_grant_bytes) {
    ++waiting.dropped[hour_of(now)];
    return;
  }
  const auto added = waiting.grants.emplace(std::piecewise_construct, std::tuple(key), std::tuple(decided, now, key));
  waiting.grant_bytes += added.first->second.bytes();
}

void DecisionLog::take_refusal(Waiting& waiting, WaitingDecision refusal) {
  if (waiting.refusal_bytes >= options_.most_refusal_bytes) {
    ++waiting.dropped[hour_of(refusal.at())];
    return;
  }
  waiting.refusal_bytes += refusal.bytes();
  waiting.refusals.push_back(std::move(refusal));
}

bool DecisionLog::is_half_full(const Waiting& waiting) const {
  return waiting.refusal_bytes > options_.most_refusal_bytes / 2 || waiting.grant_bytes > options_.most_grant_bytes / 2;
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
    waiting->refusal_bytes = 0;
    if (with_grants) {
      taken.grants.swap(waiting->grants);
      waiting->grant_bytes = 0;
    }
  }
  pending_ = std::move(taken.refusals);
  pending_.reserve(pending_.size() + taken.grants.size());
  for (auto& [key, grant] : taken.grants) pending_.push_back(std::move(grant));
  for (const auto& decision : pending_) in_order_.push_back(&decision);
  // Refusals as they came, then grants by their keys, which fills the index over these piece by piece.
  std::stable_sort(in_order_.begin(), in_order_.end(),
                   [](const auto* left, const auto* right) { return left->key() < right->key(); });
  pending_dropped_ = std::move(taken.dropped);
  if (!pending_dropped_.empty()) {
    log::warn("decisions were dropped, for too many wait", {{"count", sum_of(pending_dropped_)}});
  }
}

void DecisionLog::write_pending() {
  while (written_ < in_order_.size() || !pending_dropped_.empty()) {
    const auto count = std::min(most_at_once, in_order_.size() - written_);
    writer_.write(std::span(in_order_).subspan(written_, count), pending_dropped_);
    pending_dropped_.clear();
    written_ += count;
  }
  in_order_.clear();
  pending_ = {};
  written_ = 0;
}

}  // namespace spectacles::audit
