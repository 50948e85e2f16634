#include "accounts/throttle.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace spectacles::accounts {
namespace {

double seconds_between(Time from, Time to) {
  return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

// Whoever has one address of IPv6 has as many as he likes that begin with the same 64 bits.
std::string network_of(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1) return address;
  return {reinterpret_cast<const char*>(bytes.s6_addr), 8};
}

// Those that have run down say nothing any more.
template <class Map, class Limit>
void forget_old(Map& map, Time now, const Limit& limit) {
  constexpr std::size_t few = 1000;
  if (map.size() < few) return;
  std::erase_if(map, [&](const auto& entry) { return entry.second.at(now, limit) <= 0; });
}

}  // namespace

double Throttle::Count::at(Time now, const Limit& limit) const {
  return std::max(0.0, failures_ - seconds_between(since_, now) * limit.forgotten_per_second);
}

void Throttle::Count::add(double failures, Time now, const Limit& limit) {
  failures_ = std::max(0.0, at(now, limit) + failures);
  since_ = now;
}

Result<void> Throttle::begin(const std::string& account, const std::string& address) {
  const Time now = clock_.now();
  const auto network = network_of(address);
  auto counts = counts_.lock();
  double wait = 0;
  const auto check = [&](const Count& count, const Limit& limit) {
    const double excess = count.at(now, limit) + 1 - limit.burst;
    if (excess > 0) wait = std::max(wait, excess / limit.forgotten_per_second);
  };
  if (const auto at = counts->accounts.find(account); at != counts->accounts.end()) check(at->second, per_account);
  if (const auto at = counts->addresses.find(network); at != counts->addresses.end()) check(at->second, per_address);
  check(counts->all, in_all);
  if (wait > 0) {
    auto refusal = Refusal{RefusalKind::too_many, "too many wrong passwords: wait a moment, then try again", ""};
    refusal.retry_after_seconds = static_cast<int>(std::ceil(wait));
    return tl::unexpected<Refusal>(std::move(refusal));
  }
  add(*counts, account, network, 1, now);
  return {};
}

void Throttle::succeeded(const std::string& account, const std::string& address) {
  auto counts = counts_.lock();
  add(*counts, account, network_of(address), -1, clock_.now());
}

void Throttle::add(Counts& counts, const std::string& account, const std::string& network, double failures,
                   Time now) const {
  forget_old(counts.accounts, now, per_account);
  forget_old(counts.addresses, now, per_address);
  if (!account.empty()) counts.accounts[account].add(failures, now, per_account);
  if (!network.empty()) counts.addresses[network].add(failures, now, per_address);
  counts.all.add(failures, now, in_all);
}

}  // namespace spectacles::accounts
