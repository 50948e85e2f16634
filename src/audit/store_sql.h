// What was recorded, for reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "base/page.h"
#include "db/database.h"

namespace spectacles::audit {

// Rows behind one id, up to and with another. Writers take turns, so later rows have higher ids.
struct IdRange {
  std::int64_t after = 0;
  std::int64_t until = 0;
};

struct RecordedEvent {
  std::int64_t id;
  Time at;
  std::optional<AccountId> actor_id;
  std::optional<std::string> actor;
  std::string action;
  std::string subject;
  std::optional<std::string> address;
  std::string outcome;
  std::optional<std::string> before;  // JSON
  std::optional<std::string> after;   // JSON
  std::optional<NamespaceId> ns;
};

// Its place in a list.
std::vector<std::string> key_of_event(const RecordedEvent& event);

// Which events a list shows; what is left out does not matter.
struct EventFilter {
  std::optional<AccountId> actor_id = {};
  std::optional<std::string> actor = {};  // a name; "" for events of nobody who was signed in
  std::optional<std::string> kind = {};   // what stands before the '.' of the action
  std::optional<std::string> action = {};
  std::optional<Outcome> outcome = {};
  std::optional<std::string> address = {};
  std::optional<NamespaceId> ns = {};
  std::optional<Time> since = {};
  std::optional<Time> until = {};  // before it
  std::string search = {};         // a part of the subject
  std::optional<IdRange> ids = {};
};

struct EventBucket {
  Time at;
  std::int64_t done = 0;
  std::int64_t refused = 0;
};

struct Counts {
  std::int64_t users = 0;
  std::int64_t groups = 0;
  std::int64_t registries = 0;
  std::optional<Time> background_seen_at;  // the end of the last run on any registry
};

class ActivityStore {
 public:
  explicit ActivityStore(db::Database& database) : database_(database) {}

  // In the order in which they were recorded, or the other way round; key_of_event() says where a row stands.
  Rows<RecordedEvent> list(const EventFilter& filter, const PageRequest& page);
  // The same without counting how many there are.
  std::vector<RecordedEvent> page(const EventFilter& filter, const PageRequest& page);

  // In pieces of `width` from `filter.since` to `filter.until`, which must be there: in order, also those in which
  // nothing happened.
  std::vector<EventBucket> summarise(const EventFilter& filter, std::chrono::hours width);

  std::int64_t newest();  // the highest id

  Counts count();

 private:
  db::Database& database_;
};

}  // namespace spectacles::audit
