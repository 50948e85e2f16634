// Slows down who guesses passwords: failures are counted for each account, for each address, and in all. Every count
// runs down again with time. The limits are high enough for a misconfigured build farm, and far too low for a
// dictionary.
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/synced.h"

namespace spectacles::accounts {

// May be used by several threads at once. Counts live in memory: each instance has its own.
class Throttle {
 public:
  // How many failures are let pass at once, and how many are forgotten in a second.
  struct Limit {
    double burst;
    double forgotten_per_second;
  };
  static constexpr Limit per_account{60, 0.1};
  static constexpr Limit per_address{300, 1};
  static constexpr Limit in_all{3000, 30};

  explicit Throttle(const Clock& clock) : clock_(clock) {}

  // Before a password is verified: counts a failure at once, so that tries side by side lose no count. Refuses
  // (too_many, with the seconds to wait) when one of the counts is full. `account` is a user name in its one canonical
  // form, or empty; `address` is where the try comes from, or empty. Of IPv6 the first 64 bits count.
  Result<void> begin(const std::string& account, const std::string& address);

  // It was no failure: takes the count back.
  void succeeded(const std::string& account, const std::string& address);

 private:
  class Count {
   public:
    double at(Time now, const Limit& limit) const;
    void add(double failures, Time now, const Limit& limit);

   private:
    double failures_ = 0;
    Time since_;
  };
  struct Counts {
    std::map<std::string, Count> accounts;
    std::map<std::string, Count> addresses;
    Count all;
  };

  void add(Counts& counts, const std::string& account, const std::string& address, double failures, Time now) const;

  const Clock& clock_;
  Synced<Counts> counts_;
};

}  // namespace spectacles::accounts
