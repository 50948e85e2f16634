#include "crypto/random.h"

#include <openssl/rand.h>

#include "base/base64.h"
#include "crypto/openssl.h"

namespace spectacles::crypto {

std::string random_bytes(std::size_t count) {
  const ErrorQueueGuard guard;
  std::string bytes(count, '\0');
  require(RAND_bytes_ex(nullptr, reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), 0) == 1,
          "drawing random bytes");
  return bytes;
}

std::string random_token() {
  constexpr std::size_t token_bytes = 32;
  return to_base64url(random_bytes(token_bytes));
}

}  // namespace spectacles::crypto
