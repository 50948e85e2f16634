#include "crypto/random.h"

#include <openssl/rand.h>

#include "base/base64.h"
#include "crypto/openssl.h"

namespace spectacles::crypto {
namespace {

constexpr std::size_t token_bytes = 32;

}  // namespace

std::string random_bytes(std::size_t count) {
  const ErrorQueueGuard guard;
  std::string bytes(count, '\0');
  require(RAND_bytes_ex(nullptr, reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), 0) == 1,
          "drawing random bytes");
  return bytes;
}

std::string random_token() {
  return to_base64url(random_bytes(token_bytes));
}

std::string random_id() {
  constexpr std::size_t batch = 64;
  thread_local std::string drawn;
  if (drawn.size() < token_bytes) drawn = random_bytes(batch * token_bytes);
  auto id = to_base64url(std::string_view(drawn).substr(drawn.size() - token_bytes));
  drawn.resize(drawn.size() - token_bytes);
  return id;
}

}  // namespace spectacles::crypto
