#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spectacles {

// What can be asked for on a repository.
enum class Action : std::uint8_t { pull = 1, push = 2, del = 4 };

std::string_view render_action(Action action);  // "pull", "push", "delete"
std::optional<Action> find_action(std::string_view case_sensitive);

class ActionSet {
 public:
  constexpr ActionSet() = default;
  constexpr ActionSet(std::initializer_list<Action> actions) {
    for (const Action action : actions) add(action);
  }
  static constexpr ActionSet all() { return {Action::pull, Action::push, Action::del}; }

  constexpr bool has(Action action) const { return (bits_ & static_cast<std::uint8_t>(action)) != 0; }
  constexpr void add(Action action) { bits_ = static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(action)); }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool contains(ActionSet other) const { return (bits_ & other.bits_) == other.bits_; }

  friend constexpr ActionSet operator|(ActionSet left, ActionSet right) { return ActionSet(left.bits_ | right.bits_); }
  friend constexpr ActionSet operator&(ActionSet left, ActionSet right) { return ActionSet(left.bits_ & right.bits_); }
  friend constexpr ActionSet operator-(ActionSet left, ActionSet right) { return ActionSet(left.bits_ & ~right.bits_); }
  friend constexpr bool operator==(ActionSet, ActionSet) = default;

  std::vector<std::string> names() const;  // in the order pull, push, delete
  std::string str() const;                 // "pull,push"; "" for none

 private:
  constexpr explicit ActionSet(int bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  std::uint8_t bits_ = 0;
};

}  // namespace spectacles
