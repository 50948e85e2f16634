#include "crypto/argon2.h"

#include <argon2.h>

#include <charconv>
#include <stdexcept>
#include <vector>

#include "base/base64.h"
#include "crypto/random.h"

namespace spectacles::crypto {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr Argon2Cost highest_cost{.memory_kib = 1024 * 1024, .passes = 16, .lanes = 16};
// RFC 9106, section 3.1: at least eight blocks of 1 KiB for each lane.
constexpr std::uint32_t least_memory_per_lane = 8;

// Shorter salts and hashes than these are refused by libargon2 or can be guessed; longer ones nobody makes.
constexpr std::size_t least_salt_bytes = 8;
constexpr std::size_t least_hash_bytes = 16;
constexpr std::size_t most_salt_or_hash_bytes = 64;

// Cuts `text` off the front of `rest`.
bool skip(std::string_view& rest, std::string_view text) {
  if (!rest.starts_with(text)) return false;
  rest.remove_prefix(text.size());
  return true;
}

// Cuts a decimal number without sign or leading zero, of 1 to `most`, off the front of `rest`.
bool skip_number(std::string_view& rest, std::uint32_t most, std::uint32_t& number) {
  if (rest.starts_with('0')) return false;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{}) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return number <= most;
}

// Base64 of the PHC string format: the standard alphabet, without padding.
bool is_phc_base64(std::string_view text, std::size_t least_bytes) {
  if (text.find('=') != std::string_view::npos) return false;
  std::string padded(text);
  padded.append((4 - padded.size() % 4) % 4, '=');
  const auto bytes = from_base64(padded);
  return bytes && bytes->size() >= least_bytes && bytes->size() <= most_salt_or_hash_bytes;
}

// Cuts `parameter` and its number off the front of `rest`.
bool skip_cost(std::string_view& rest, std::string_view parameter, std::uint32_t most, std::uint32_t& number) {
  return skip(rest, parameter) && skip_number(rest, most, number);
}

bool is_argon2id(std::string_view rest) {
  Argon2Cost cost;
  if (!skip_cost(rest, "$argon2id$v=19$m=", highest_cost.memory_kib, cost.memory_kib) ||
      !skip_cost(rest, ",t=", highest_cost.passes, cost.passes) ||
      !skip_cost(rest, ",p=", highest_cost.lanes, cost.lanes) || !skip(rest, "$")) {
    return false;
  }
  const std::size_t middle = rest.find('$');
  return middle != std::string_view::npos && cost.memory_kib >= least_memory_per_lane * cost.lanes &&
         is_phc_base64(rest.substr(0, middle), least_salt_bytes) &&
         is_phc_base64(rest.substr(middle + 1), least_hash_bytes);
}

[[noreturn]] void fail(int code) {
  throw std::runtime_error(std::string("Argon2id failed: ") + argon2_error_message(code));
}

}  // namespace

std::string argon2id_hash(const Secret& password, const Argon2Cost& cost) {
  const std::string salt = random_bytes(salt_bytes);
  std::vector<char> phc(argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, salt_bytes, hash_bytes, Argon2_id));
  const std::string& text = password.reveal();
  const int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, text.data(), text.size(),
                                         salt.data(), salt.size(), hash_bytes, phc.data(), phc.size());
  if (code != ARGON2_OK) fail(code);
  return phc.data();
}

bool argon2id_verify(const Secret& password, std::string_view phc) {
  if (!is_argon2id(phc)) throw std::invalid_argument("a password hash to verify is no argon2id PHC string");
  const std::string terminated(phc);
  const std::string& text = password.reveal();
  const int code = ::argon2id_verify(terminated.c_str(), text.data(), text.size());
  if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH) fail(code);
  return code == ARGON2_OK;
}

Result<void> check_argon2id(std::string_view phc) {
  if (!is_argon2id(phc)) {
    return refuse(RefusalKind::invalid,
                  "a password hash is an argon2id PHC string ($argon2id$v=19$m=...,t=...,p=...$salt$hash) of at most "
                  "1 GiB, 16 passes and 16 lanes");
  }
  return {};
}

}  // namespace spectacles::crypto
