#include "accounts/remembered_passwords.h"

#include "crypto/random.h"

namespace spectacles::accounts {

RememberedPasswords::RememberedPasswords(const Clock& clock) : clock_(clock), key_(Secret(crypto::random_bytes(32))) {}

bool RememberedPasswords::knows(AccountId account, const std::string& phc, const Secret& typed) const {
  const auto mac = mac_of(account, phc, typed);
  auto entries = entries_.lock();
  const auto found = entries->find(account);
  return found != entries->end() && clock_.now() < found->second.until &&
         Secret::constant_time_equal(found->second.mac, mac);
}

void RememberedPasswords::remember(AccountId account, const std::string& phc, const Secret& typed) {
  auto mac = mac_of(account, phc, typed);
  auto entries = entries_.lock();
  if (entries->size() >= most) entries->clear();  // seldom, and everybody is hashed for once more
  entries->insert_or_assign(account, Entry{std::move(mac), clock_.now() + lifetime});
}

// The parts cannot run into each other: an id and a hash hold no NUL.
std::string RememberedPasswords::mac_of(AccountId account, const std::string& phc, const Secret& typed) const {
  const auto id = std::to_string(account.value());
  std::string text;
  text.reserve(id.size() + phc.size() + typed.reveal().size() + 2);  // all at once: nothing of it is left elsewhere
  text.append(id).append(1, '\0').append(phc).append(1, '\0').append(typed.reveal());
  const Secret wiped(std::move(text));
  return key_.mac(wiped.reveal());
}

}  // namespace spectacles::accounts
