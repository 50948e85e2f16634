// What was read from the database and holds until something changes there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/synced.h"
#include "db/generation.h"

namespace spectacles::db {

// May be used by several threads at once. `Value` is copied out: make it small, or a pointer to const.
template <class Key, class Value, class Hash = std::hash<Key>>
class Remembered {
 public:
  // At `most` entries all are forgotten, so that strangers who ask for ever new keys fill no memory.
  Remembered(Generation& generation, std::size_t most) : generation_(generation), most_(most) {}

  // What `load()` gave for `key`, as long as nothing has changed since. Throws what `load` throws, and db::Unavailable.
  template <class Load>
  Value get(const Key& key, Load load) {
    const auto generation = generation_.current();
    {
      auto state = state_.lock();
      if (state->generation == generation) {
        if (const auto found = state->entries.find(key); found != state->entries.end()) return found->second;
      }
    }
    // Read after the number was: what it shows is as new as the number says, or newer.
    Value value = load();
    auto state = state_.lock();
    if (state->generation < generation || state->entries.size() >= most_) {
      state->entries.clear();
      state->generation = generation;
    }
    if (state->generation == generation) state->entries.insert_or_assign(key, value);
    return value;
  }

 private:
  struct State {
    std::uint64_t generation = 0;
    std::unordered_map<Key, Value, Hash> entries;
  };

  Generation& generation_;
  const std::size_t most_;
  Synced<State> state_;
};

}  // namespace spectacles::db
