// The key that signs tokens, and the certificate by which registries trust it.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "registries/registry.h"

namespace spectacles::registries {

struct SigningKey {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
  std::string libtrust_id;
  std::string rfc7638_id;
};

struct LoadedKey {
  SigningKey signing_key;
  bool made_now = false;
};

// Reads the key at `key_path` and the certificate beside it (the same name with the extension .crt). When neither
// exists and `may_make` is set, makes an ECDSA P-256 key and a self-signed certificate, both readable by their owner
// alone, never over an existing file, and safe against another process that does the same. Refuses (naming the file)
// what cannot be read, is no key that registries accept, does not belong together, or has expired.
Result<LoadedKey> load_or_make_signing_key(const std::filesystem::path& key_path, bool may_make, Time now);

}  // namespace spectacles::registries
