#include "registries/signing_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "db/test_folder.h"

namespace spectacles::registries {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class SigningKeyTest : public testing::Test {
 protected:
  Result<LoadedKey> load(bool may_make = true) const { return load_or_make_signing_key(key_, may_make, now_); }

  // Runs openssl in the folder of the key, with `arguments` of a shell.
  void openssl(const std::string& arguments) const {
    fs::create_directories(key_.parent_path());
    const auto command = "cd " + key_.parent_path().string() + " && openssl " + arguments + " >openssl.log 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << read(key_.parent_path() / "openssl.log");
  }

  // As the set-up of registries shows it: a request, then `x509 -signkey`, which makes a version 1 certificate.
  void make_by_hand(const std::string& new_key) const {
    openssl("req " + new_key + " -nodes -keyout domain.key -out domain.csr -subj /CN=localhost");
    openssl("x509 -req -signkey domain.key -in domain.csr -out domain.crt -days 3650");
  }

  void expect_refused(const std::string& reason) const {
    const auto refused = load();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
    EXPECT_THAT(refused.error().text, HasSubstr(reason));
    EXPECT_THAT(refused.error().text, HasSubstr(key_.parent_path().string())) << "names the file";
    EXPECT_THAT(refused.error().text, Not(HasSubstr("PRIVATE")));
  }

  db::TestFolder folder_;
  fs::path key_ = folder_.path() / "data" / "certs" / "domain.key";
  fs::path certificate_ = folder_.path() / "data" / "certs" / "domain.crt";
  Time now_ = SystemClock().now();
};

TEST_F(SigningKeyTest, IsMadeOnceAndReadableByItsOwnerAlone) {
  const auto made = load();
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_TRUE(made->made_now);
  EXPECT_EQ(made->signing_key.key.algorithm(), crypto::Algorithm::es256);
  constexpr auto owner_file = fs::perms::owner_read | fs::perms::owner_write;
  EXPECT_EQ(fs::status(key_).permissions(), owner_file);
  EXPECT_EQ(fs::status(certificate_).permissions(), owner_file);
  EXPECT_EQ(fs::status(key_.parent_path()).permissions(), fs::perms::owner_all);

  const auto key_text = read(key_);
  const auto again = load(false);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_FALSE(again->made_now);
  EXPECT_EQ(read(key_), key_text);
  EXPECT_EQ(again->signing_key.libtrust_id, made->signing_key.libtrust_id);
  EXPECT_EQ(again->signing_key.rfc7638_id, made->signing_key.rfc7638_id);
}

TEST_F(SigningKeyTest, IsNotMadeUnlessAllowed) {
  const auto refused = load(false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr(key_.string()));
  EXPECT_FALSE(fs::exists(key_.parent_path()));
}

TEST_F(SigningKeyTest, IsNeverMadeOverAnExistingFile) {
  fs::create_directories(key_.parent_path());
  std::ofstream(key_) << "not a key";
  expect_refused("domain.key");
  EXPECT_EQ(read(key_), "not a key");
  EXPECT_FALSE(fs::exists(certificate_));

  fs::rename(key_, certificate_);
  expect_refused("without its key");
  EXPECT_EQ(read(certificate_), "not a key");
  EXPECT_FALSE(fs::exists(key_));
}

TEST_F(SigningKeyTest, IsNotMadeThroughADanglingLink) {
  fs::create_directories(key_.parent_path());
  fs::create_symlink(folder_.path() / "elsewhere", key_);
  EXPECT_FALSE(load());
  EXPECT_FALSE(fs::exists(folder_.path() / "elsewhere"));
  EXPECT_FALSE(fs::exists(certificate_)) << "what was made before is taken away again";
}

TEST_F(SigningKeyTest, NeedsItsCertificate) {
  ASSERT_TRUE(load());
  fs::remove(certificate_);
  expect_refused("the certificate of the signing key must lie beside it");
  EXPECT_FALSE(fs::exists(certificate_));
}

TEST_F(SigningKeyTest, RefusesACertificateOfAnotherKey) {
  ASSERT_TRUE(load());
  const auto certificate = read(certificate_);
  fs::remove(key_);
  fs::remove(certificate_);
  ASSERT_TRUE(load());
  std::ofstream(certificate_) << certificate;
  expect_refused("does not belong to the key");
}

TEST_F(SigningKeyTest, RefusesAnExpiredCertificate) {
  ASSERT_TRUE(load());
  now_ += std::chrono::hours(24 * 366 * 10);
  expect_refused("expired");
}

TEST_F(SigningKeyTest, TakesWhatOpensslMakes) {
  make_by_hand("-newkey rsa:2048");
  const auto loaded = load(false);
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(loaded->signing_key.key.algorithm(), crypto::Algorithm::rs256);
  EXPECT_FALSE(loaded->made_now);
}

TEST_F(SigningKeyTest, TakesALongRsaKeyOfOpenssl) {
  make_by_hand("-newkey rsa:4096");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(loaded->signing_key.key.algorithm(), crypto::Algorithm::rs256);
}

TEST_F(SigningKeyTest, TakesAnEllipticKeyOfOpenssl) {
  make_by_hand("-newkey ec -pkeyopt ec_paramgen_curve:P-256");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(loaded->signing_key.key.algorithm(), crypto::Algorithm::es256);
}

TEST_F(SigningKeyTest, RefusesAShortKey) {
  openssl("req -newkey rsa:1024 -nodes -keyout domain.key -out domain.csr -subj /CN=localhost");
  openssl("x509 -req -signkey domain.key -in domain.csr -out domain.crt -days 3650");
  expect_refused("domain.key");
}

TEST_F(SigningKeyTest, ManyProcessesAtOnceMakeOneKey) {
  constexpr int processes = 6;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto loaded = load();
      ::_exit(!loaded ? 2 : loaded->made_now ? 1 : 0);
    }
    children.push_back(child);
  }
  int made = 0;
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_NE(WEXITSTATUS(status), 2) << "a process found half of it";
    made += WEXITSTATUS(status) == 1 ? 1 : 0;
  }
  EXPECT_EQ(made, 1);
  EXPECT_TRUE(load(false));
}

}  // namespace
}  // namespace spectacles::registries
