#include "registries/signing_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "crypto/jwk.h"

namespace spectacles::registries {
namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only_folder = 0700;
constexpr mode_t owner_only_file = 0600;

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<Refusal> refuse_file(const fs::path& path, std::string_view reason) {
  return refuse(RefusalKind::invalid, fmt::format("{}: {}", path.string(), reason));
}

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return refuse_file(path, std::strerror(errno));
  return text;
}

// O_EXCL: never over a file that exists.
Result<void> write_new_file(const fs::path& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, owner_only_file));
  if (!file.is_open()) return refuse_file(path, std::strerror(errno));
  const auto written = ::write(file.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()) || ::fsync(file.get()) != 0) {
    return refuse_file(path, std::strerror(errno));
  }
  return {};
}

fs::path certificate_path_of(const fs::path& key_path) {
  auto path = key_path;
  return path.replace_extension(".crt");
}

Result<void> make(const fs::path& key_path, const fs::path& certificate_path, Time now) {
  const auto key = crypto::PrivateKey::generate_p256();
  const auto certificate = crypto::Certificate::self_signed(key, "spectacles", now);
  // The key last: its presence says that both are complete.
  if (auto written = write_new_file(certificate_path, certificate.to_pem()); !written) return written;
  if (auto written = write_new_file(key_path, key.to_pem()); !written) {
    fs::remove(certificate_path);
    return written;
  }
  return {};
}

Result<SigningKey> load(const fs::path& key_path, const fs::path& certificate_path, Time now) {
  const auto key_pem = read_file(key_path);
  if (!key_pem) return pass_on(key_pem);
  const auto key = crypto::PrivateKey::parse_pem(*key_pem);
  if (!key) return refuse_file(key_path, key.error().text);
  const auto certificate_pem = read_file(certificate_path);
  if (!certificate_pem) {
    return refuse_file(certificate_path, "the certificate of the signing key must lie beside it and be readable");
  }
  const auto certificate = crypto::Certificate::parse_pem(*certificate_pem);
  if (!certificate) return refuse_file(certificate_path, certificate.error().text);
  if (!(certificate->public_key() == key->public_key())) {
    return refuse_file(certificate_path,
                       fmt::format("this certificate does not belong to the key {}", key_path.string()));
  }
  if (certificate->not_after() <= now) {
    return refuse_file(certificate_path,
                       "this certificate has expired, so registries refuse tokens signed with its key");
  }
  return SigningKey{.key = *key,
                    .certificate = *certificate,
                    .libtrust_id = crypto::libtrust_id(key->public_key()),
                    .rfc7638_id = crypto::rfc7638_id(key->public_key())};
}

// Makes the folder if need be, and both files in it under a lock on the folder: of two processes that start together
// the second waits and then finds what the first has made. Says whether it made them.
Result<bool> make_if_missing(const fs::path& key_path, const fs::path& certificate_path, Time now) {
  const auto folder = key_path.parent_path();
  if (!fs::exists(folder)) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), owner_only_folder) != 0 && errno != EEXIST) {
      return refuse_file(folder, std::strerror(errno));
    }
  }
  const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.is_open() || ::flock(lock.get(), LOCK_EX) != 0) return refuse_file(folder, std::strerror(errno));
  if (fs::exists(key_path)) return false;
  if (fs::exists(certificate_path)) {
    return refuse_file(certificate_path, "there is a certificate without its key; move it away or bring the key");
  }
  if (const auto made = make(key_path, certificate_path, now); !made) return pass_on(made);
  return true;
}

}  // namespace

Result<LoadedKey> load_or_make_signing_key(const fs::path& key_path, bool may_make, Time now) {
  const auto certificate_path = certificate_path_of(key_path);
  bool made_now = false;
  if (!fs::exists(key_path)) {
    if (!may_make) return refuse_file(key_path, "there is no such file");
    const auto made = make_if_missing(key_path, certificate_path, now);
    if (!made) return pass_on(made);
    made_now = *made;
  }
  auto key = load(key_path, certificate_path, now);
  if (!key) return pass_on(key);
  return LoadedKey{std::move(*key), made_now};
}

}  // namespace spectacles::registries
