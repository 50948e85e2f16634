// NONE, READ, WRITE, FULL as what they are: sets of abilities.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/action.h"

namespace spectacles::access {

// In the order of "the lower right", which decides between two custom rights that are equally specific.
enum class Level : std::uint8_t { none, read, write, full };

std::string_view render_level(Level level);        // "NONE", "READ", "WRITE", "FULL"
Result<Level> parse_level(std::string_view text);  // exactly so written

// What somebody may do on a repository. READ and WRITE are no steps of one ladder (WRITE alone pulls nothing), so a
// union of levels is a set, not the highest of them.
class Abilities {
 public:
  constexpr Abilities() = default;
  explicit Abilities(Level level);

  // What of `requested` is allowed when it is asked for in one request. A client that pushes must read back what it
  // uploads: WRITE gives pull only to a request that asks for push as well.
  ActionSet granted(ActionSet requested) const;

  // What is left of it while nothing may be changed: pull, where that is not bound to a push.
  Abilities reading() const;

  bool everything() const { return *this == Abilities(Level::full); }
  bool empty() const { return bits_ == 0; }

  // "NONE", a level, or several joined by '+' ("READ+WRITE").
  std::string str() const;

  friend Abilities operator|(Abilities left, Abilities right) { return Abilities(left.bits_ | right.bits_); }
  friend bool operator==(Abilities, Abilities) = default;

 private:
  constexpr explicit Abilities(int bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  std::uint8_t bits_ = 0;
};

}  // namespace spectacles::access
