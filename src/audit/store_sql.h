// What was recorded, for reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "db/database.h"

namespace spectacles::audit {

struct RecordedEvent {
  std::int64_t id;
  Time at;
  std::optional<std::string> actor;
  std::string action;
  std::string subject;
  std::optional<std::string> address;
  std::string outcome;
  std::optional<std::string> before;  // JSON
  std::optional<std::string> after;   // JSON
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

  struct Listed {
    std::vector<RecordedEvent> rows;  // one more than asked for, if there are more
    std::int64_t total = 0;
  };

  // Newest first, older than `before_id` if given; those of one actor only, if given.
  Listed list(std::optional<AccountId> actor, std::optional<std::int64_t> before_id, std::size_t limit);

  Counts count();

 private:
  db::Database& database_;
};

}  // namespace spectacles::audit
