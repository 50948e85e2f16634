#include "app/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "access/visible.h"
#include "accounts/session_look_sql.h"
#include "app/record_text.h"
#include "base/log.h"
#include "catalog/pulls_sql.h"
#include "catalog/routes.h"

namespace spectacles::app {
namespace {

using namespace std::chrono_literals;
using accounts::Principal;
using Steady = std::chrono::steady_clock;

constexpr auto look_every = 500ms;
constexpr auto look_again_after_fault = 3s;
constexpr auto sessions_every = 2s;
constexpr auto heartbeat_every = 15s;
constexpr std::size_t most_waiting_bytes = std::size_t{256} * 1024;
constexpr std::size_t most_at_once = 500;  // of a kind; what is more is left out, and that is told

// A message of https://html.spec.whatwg.org/multipage/server-sent-events.html. JSON has no line breaks.
std::string render_message(std::string_view event, const boost::json::value& data, const LivePosition& at) {
  return fmt::format("event: {}\nid: {}\ndata: {}\n\n", event, at.str(), boost::json::serialize(data));
}

// An id of a database that was there before this one may be higher than any that there is.
LivePosition earlier(const LivePosition& one, const LivePosition& other) {
  return {std::min(one.event, other.event), std::min(one.decision, other.decision), std::min(one.pull, other.pull)};
}

boost::json::object render_pull(const catalog::Pull& pull) {
  const auto or_null = [](const std::optional<std::string>& text) {
    return text ? boost::json::value(*text) : boost::json::value(nullptr);
  };
  boost::json::object rendered{{"at", render_rfc3339(pull.at)},  {"registry", pull.registry},
                               {"repository", pull.repository},  {"tag", or_null(pull.tag)},
                               {"digest", or_null(pull.digest)}, {"address", pull.address}};
  rendered["actor"] = pull.actor.empty() ? boost::json::value(nullptr) : boost::json::value(pull.actor);
  return rendered;
}

}  // namespace

// What happened between two positions, each with who may know of it, rendered once for all.
struct Live::Batch {
  struct Message {
    std::optional<AccountId> account;
    std::string user;
    std::optional<NamespaceId> ns;
    std::string text;
  };
  std::vector<Message> messages = {};
  bool left_out = false;
  LivePosition until;
  std::shared_ptr<const access::NamespaceMap> namespaces;

  bool may_know(const Principal& who, const Message& message) const {
    if (who.reads_everything()) return true;
    if (message.account ? message.account == who.account->id : message.user == who.name()) return true;
    const auto* ns = message.ns ? namespaces->find(*message.ns) : nullptr;
    return ns && ns->owner == who.account->id;
  }
};

std::string LivePosition::str() const {
  return fmt::format("{}-{}-{}", event, decision, pull);
}

std::optional<LivePosition> LivePosition::parse(std::string_view text) {
  LivePosition position;
  for (auto* number : {&position.event, &position.decision, &position.pull}) {
    const auto part = text.substr(0, text.find('-'));
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), *number);
    if (error != std::errc() || end != part.data() + part.size() || *number < 0) return std::nullopt;
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  if (!text.empty()) return std::nullopt;
  return position;
}

Live::~Live() {
  stop();
}

void Live::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Live::stop() {
  {
    auto listeners = listeners_.lock();
    listeners->stopped = true;
    for (auto& listener : listeners->all) {
      if (const auto feed = listener.feed.lock()) feed->end();
    }
    listeners->all.clear();
  }
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

Result<std::shared_ptr<http::Feed>> Live::join(const accounts::SignedIn& who, std::optional<LivePosition> after) {
  auto feed = std::make_shared<http::Feed>(most_waiting_bytes);
  auto listeners = listeners_.lock();
  if (listeners->stopped) return refuse(RefusalKind::unavailable, "the server is stopping");
  std::erase_if(listeners->all, [](const Listener& one) { return one.feed.expired(); });
  const auto of_account = std::count_if(listeners->all.begin(), listeners->all.end(), [&](const Listener& one) {
    return one.who.principal.account->id == who.principal.account->id;
  });
  if (static_cast<std::size_t>(of_account) >= most_for_one) {
    return refuse(RefusalKind::too_many, fmt::format("an account may listen {} times at once", most_for_one));
  }
  listeners->all.push_back({.feed = feed, .who = who, .after = after});
  listeners->woken = true;
  changed_.notify_all();
  return feed;
}

void Live::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto pause = look_every + 0s;
    try {
      round();
      failed_ = false;
    } catch (const std::exception& fault) {
      if (!failed_) log::warn("cannot read what happens", {{"reason", fault.what()}});
      failed_ = true;
      pause = look_again_after_fault;
    }
    auto listeners = listeners_.lock();
    changed_.wait_for(listeners.lock(), stop, pause, [&] { return listeners->woken && !failed_; });
    // While nobody listens nothing is read.
    if (!failed_) changed_.wait(listeners.lock(), stop, [&] { return !listeners->all.empty(); });
    listeners->woken = false;
  }
}

// Works on a copy, so that who comes does not wait for the database.
void Live::round() {
  auto listeners = [&] {
    auto locked = listeners_.lock();
    std::erase_if(locked->all, [](const Listener& one) { return one.feed.expired(); });
    return locked->all;
  }();
  if (listeners.empty()) {
    position_.reset();
    sync_states_.clear();
    return;
  }
  check_sessions(listeners);
  const auto until = newest();
  if (!position_) position_ = until;
  const auto news = read_batch(*position_, until);
  for (auto& listener : listeners) {
    if (listener.greeted) {
      tell(listener, news);
      continue;
    }
    listener.greeted = true;
    const auto from = earlier(listener.after.value_or(until), until);
    say(listener, "retry: 3000\n" + render_message("hello", boost::json::object(), from));
    if (listener.after) tell(listener, read_batch(from, until));
  }
  position_ = until;
  tell_sync(listeners);

  auto locked = listeners_.lock();
  for (auto& kept : locked->all) {
    const auto same = [&](const Listener& one) {
      return !one.feed.owner_before(kept.feed) && !kept.feed.owner_before(one.feed);
    };
    const auto told = std::find_if(listeners.begin(), listeners.end(), same);
    if (told != listeners.end()) kept = *told;
  }
}

// Who is signed out, disabled or has another role is told so and listens no longer.
void Live::check_sessions(std::vector<Listener>& listeners) {
  if (Steady::now() - checked_at_ < sessions_every) return;
  checked_at_ = Steady::now();
  for (auto& listener : listeners) {
    auto now = accounts::look_at_session(sources_.database, listener.who.session, sources_.clock.now());
    const bool same = now && now->principal.account->role == listener.who.principal.account->role;
    if (same) {
      listener.who = *std::move(now);
      continue;
    }
    const auto* const reason = now ? "you have another role now" : "your session is over";
    say(listener, render_message("end", boost::json::object{{"reason", reason}}, position_.value_or(LivePosition{})));
    if (const auto feed = listener.feed.lock()) feed->end();
  }
}

LivePosition Live::newest() {
  return {.event = sources_.activity.newest(),
          .decision = sources_.decisions.newest_fresh(),
          .pull = catalog::PullFeed(sources_.database).newest()};
}

Live::Batch Live::read_batch(const LivePosition& after, const LivePosition& until) {
  Batch batch{.until = until, .namespaces = sources_.access.namespaces()};
  auto at = after;
  // Their order is that of the ids.
  const PageRequest page{.limit = most_at_once, .order = {"at", false}};
  if (after.event < until.event) {
    auto events = sources_.activity.page({.ids = audit::IdRange{after.event, until.event}}, page);
    batch.left_out |= events.size() > most_at_once;
    for (const auto& event : events) {
      at.event = event.id;
      batch.messages.push_back(
          {event.actor_id, event.actor.value_or(""), event.ns, render_message("activity", render_event(event), at)});
    }
  }
  at.event = until.event;
  at.decision = until.decision;
  if (after.decision < until.decision) {
    auto refusals = sources_.decisions.fresh_refusals({after.decision, until.decision}, most_at_once);
    batch.left_out |= refusals.size() > most_at_once;
    for (const auto& refusal : refusals) {
      batch.messages.push_back({refusal.decision.account, refusal.decision.user, refusal.decision.ns_id,
                                render_message("refusal", render_decision(refusal), at)});
    }
  }
  auto pulls = catalog::PullFeed(sources_.database).between(after.pull, until.pull, most_at_once + 1);
  batch.left_out |= pulls.size() > most_at_once;
  for (const auto& pull : pulls) {
    at.pull = pull.id;
    batch.messages.push_back({std::nullopt, pull.actor, pull.ns, render_message("pull", render_pull(pull), at)});
  }
  return batch;
}

void Live::tell(Listener& listener, const Batch& batch) {
  for (const auto& message : batch.messages) {
    if (batch.may_know(listener.who.principal, message)) say(listener, message.text);
  }
  if (batch.left_out) listener.missed = true;
  if (listener.missed) {
    const auto feed = listener.feed.lock();
    listener.missed = feed && !feed->push(render_message("gap", boost::json::object(), batch.until));
  }
  if (Steady::now() - listener.told_at >= heartbeat_every) say(listener, ": still here\n\n");
}

void Live::tell_sync(std::vector<Listener>& listeners) {
  const auto reads = [](const Listener& one) { return one.who.principal.reads_everything(); };
  if (std::none_of(listeners.begin(), listeners.end(), reads)) return;
  const auto overview = sources_.sync.load_overview();
  const bool is_first = sync_states_.empty();
  for (const auto& registry : overview.registries) {
    const auto state = overview.states.find(registry.id);
    if (state == overview.states.end()) continue;
    const boost::json::object data{{"registry_id", registry.id.value()},
                                   {"registry", registry.name.str()},
                                   {"sync", catalog::render_sync_state(state->second)}};
    auto text = boost::json::serialize(data);
    if (sync_states_[registry.id] == text) continue;
    sync_states_[registry.id] = std::move(text);
    if (is_first) continue;
    for (auto& listener : listeners) {
      if (reads(listener)) say(listener, render_message("sync", data, *position_));
    }
  }
}

void Live::say(Listener& listener, std::string_view message) {
  const auto feed = listener.feed.lock();
  if (!feed) return;
  if (listener.missed || !feed->push(message)) {
    listener.missed = true;
    return;
  }
  listener.told_at = Steady::now();
}

}  // namespace spectacles::app
