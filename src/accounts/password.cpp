#include "accounts/password.h"

#include <semaphore>

#include "base/unicode.h"
#include "base/waiting.h"
#include "crypto/argon2.h"

namespace spectacles::accounts {
namespace {

constexpr std::size_t max_bytes_per_character = 4;

}  // namespace

std::optional<Secret> normalize_password(const Secret& typed) {
  // Composing can shorten a text, so the bound on what comes in is generous: it is there to bound the work.
  if (typed.reveal().size() > 4 * max_password_length * max_bytes_per_character) return std::nullopt;
  auto normal = to_nfc(typed.reveal());
  if (!normal) return std::nullopt;
  return Secret(std::move(*normal));
}

class PasswordHasher::Turnstile {
 public:
  explicit Turnstile(std::size_t at_once) : free_(static_cast<std::ptrdiff_t>(at_once)) {}

  template <class Work>
  auto pass(Work&& work) {
    before_waiting();
    free_.acquire();
    const std::unique_ptr<std::counting_semaphore<>, Leave> leave(&free_);
    return work();
  }

 private:
  struct Leave {
    void operator()(std::counting_semaphore<>* free) const { free->release(); }
  };
  std::counting_semaphore<> free_;
};

PasswordHasher::PasswordHasher(std::size_t at_once) : turnstile_(std::make_unique<Turnstile>(at_once)) {}

PasswordHasher::~PasswordHasher() = default;

std::string PasswordHasher::hash(const Secret& normalized) {
  return turnstile_->pass([&] { return crypto::argon2id_hash(normalized); });
}

bool PasswordHasher::verify(const Secret& typed, const std::optional<std::string>& phc) {
  const auto normal = normalize_password(typed);
  if (!normal) return false;
  const auto hash = phc ? std::string_view(*phc) : nobodys_hash;
  const bool matches = turnstile_->pass([&] { return crypto::argon2id_verify(*normal, hash); });
  return matches && phc.has_value();
}

}  // namespace spectacles::accounts
