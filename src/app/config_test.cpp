#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "app/options.h"
#include "db/test_folder.h"

namespace spectacles::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ConfigTest : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string>;

  ConfigTest() { fs::create_directories(data_); }

  Result<Config> load(Variables variables = {}, const std::optional<fs::path>& file = {}) const {
    variables.try_emplace("SPECTACLES_DATA_DIR", data_.string());
    const Environment environment = [&](std::string_view name) -> std::optional<std::string> {
      const auto at = variables.find(std::string(name));
      return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
    return load_config(environment, file);
  }

  Config good(const Variables& variables) const {
    auto config = load(variables);
    EXPECT_TRUE(config) << config.error().text;
    return config.value();
  }

  // Every bad value is refused by the name of the variable, and is not repeated when it is `secret`.
  void expect_bad(const std::string& name, const std::vector<std::string>& values, bool secret = false) const {
    for (const auto& value : values) {
      const auto refused = load({{name, value}});
      ASSERT_FALSE(refused) << name << "=" << value;
      EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
      EXPECT_THAT(refused.error().text, HasSubstr("environment: " + name + ": "));
      if (secret) {
        EXPECT_THAT(refused.error().text, Not(HasSubstr(value)));
      }
    }
  }

  fs::path write(const std::string& name, const std::string& text) const {
    const auto path = folder_.path() / name;
    std::ofstream(path) << text;
    return path;
  }

  std::string refusal_of(const std::string& yaml) const {
    const auto refused = load({}, write("test.yml", yaml));
    return refused ? "accepted" : refused.error().text;
  }

  db::TestFolder folder_;
  fs::path data_ = folder_.path() / "data";
};

TEST_F(ConfigTest, Defaults) {
  const auto config = good({});
  EXPECT_EQ(config.listen.address, "0.0.0.0");
  EXPECT_EQ(config.listen.port, 5050);
  EXPECT_EQ(config.data_dir, data_);
  EXPECT_EQ(config.public_url, std::nullopt);
  EXPECT_THAT(config.trusted_proxies, IsEmpty());
  EXPECT_EQ(config.token_lifetime, std::chrono::seconds(900));
  EXPECT_EQ(config.background, Background::inside);
  EXPECT_EQ(config.background_interval, std::chrono::seconds(30));
  EXPECT_EQ(config.database, DatabaseAddress(data_ / "db" / "spectacles.db"));
  EXPECT_EQ(config.key_path, data_ / "certs" / "domain.key");
  EXPECT_TRUE(config.may_make_key);
  EXPECT_EQ(config.issuer, "Auth service");
  EXPECT_FALSE(config.tls);
  EXPECT_FALSE(config.log_statements);
  EXPECT_EQ(config.log_file, data_ / "log" / "spectacles.log");
  EXPECT_FALSE(config.registration_enabled);
  EXPECT_EQ(config.web_root, "");
  EXPECT_FALSE(config.secret_key);
  EXPECT_FALSE(config.portal_url);
}

TEST_F(ConfigTest, EmptyCountsAsUnset) {
  Variables empty;
  for (const auto& option : all_options()) empty[std::string(option.name)] = "";
  empty["SPECTACLES_DATA_DIR"] = data_.string();
  empty["SECRET_KEY_FILE"] = "";
  EXPECT_EQ(good(empty).listen.port, 5050);
}

TEST_F(ConfigTest, Listen) {
  const auto listen = [&](const std::string& text) {
    const auto config = good({{"SPECTACLES_LISTEN", text}});
    return config.listen.address + " " + std::to_string(config.listen.port);
  };
  EXPECT_EQ(listen("127.0.0.1:8080"), "127.0.0.1 8080");
  EXPECT_EQ(listen("[::1]:80"), "::1 80");
  EXPECT_EQ(listen("localhost:80"), "127.0.0.1 80");
  EXPECT_EQ(listen(":80"), "0.0.0.0 80");
  expect_bad("SPECTACLES_LISTEN", {"5050", "0.0.0.0", "0.0.0.0:", "0.0.0.0:65536", "0.0.0.0:-1", "0.0.0.0:5050x",
                                   "::1:5050", "[::1]", "host.example.org:80", "[x]:80"});
}

TEST_F(ConfigTest, Addresses) {
  for (const auto* name : {"SPECTACLES_PUBLIC_URL", "PORTAL_URL"}) {
    expect_bad(name, {"registry.example.org", "ftp://example.org", "https://", "https:///x", "https://a:b@example.org",
                      "https://example.org/?a=b", "https://example.org/#a", "javascript:alert(1)"});
  }
  EXPECT_EQ(good({{"SPECTACLES_PUBLIC_URL", "https://example.org:8443/x/"}}).public_url, "https://example.org:8443/x");
  EXPECT_EQ(good({{"PORTAL_URL", "http://portal.example.org/"}}).portal_url, "http://portal.example.org");
  EXPECT_EQ(good({{"WEB_ROOT", "/registry/"}}).web_root, "/registry");
  EXPECT_EQ(good({{"WEB_ROOT", "/"}}).web_root, "");
  expect_bad("WEB_ROOT", {"registry", "/a//b", "/a/../b", "/.", "/a b", "/a?b", "/a%2f", "https://example.org/a"});
}

TEST_F(ConfigTest, TrustedProxies) {
  EXPECT_THAT(good({{"SPECTACLES_TRUSTED_PROXIES", "10.0.0.0/8, ::1,192.0.2.1"}}).trusted_proxies,
              ElementsAre("10.0.0.0/8", "::1", "192.0.2.1"));
  EXPECT_THAT(good({{"SPECTACLES_TRUSTED_PROXIES", "none"}}).trusted_proxies, IsEmpty());
  expect_bad("SPECTACLES_TRUSTED_PROXIES", {"10.0.0.0/33", "proxy", "10.0.0.1,proxy", "10.0.0.0/", "*"});
}

TEST_F(ConfigTest, Numbers) {
  EXPECT_EQ(good({{"SPECTACLES_TOKEN_LIFETIME", "60"}}).token_lifetime, std::chrono::seconds(60));
  EXPECT_EQ(good({{"SPECTACLES_TOKEN_LIFETIME", "3600"}}).token_lifetime, std::chrono::seconds(3600));
  expect_bad("SPECTACLES_TOKEN_LIFETIME", {"59", "3601", "-1", "900s", "1e3", "900.0", "99999999999999"});
  EXPECT_EQ(good({{"SPECTACLES_BACKGROUND_UPDATE", "1"}}).background_interval, std::chrono::seconds(1));
  expect_bad("SPECTACLES_BACKGROUND_UPDATE", {"0", "86401", "often"});
  EXPECT_EQ(good({}).decisions_kept.age, std::chrono::days(90));
  EXPECT_EQ(good({}).decisions_kept.rows, 10'000'000);
  EXPECT_EQ(good({{"SPECTACLES_DECISIONS_KEPT_DAYS", "3650"}}).decisions_kept.age, std::chrono::days(3650));
  EXPECT_EQ(good({{"SPECTACLES_DECISIONS_KEPT_ROWS", "1000"}}).decisions_kept.rows, 1000);
  expect_bad("SPECTACLES_DECISIONS_KEPT_DAYS", {"0", "3651", "-1", "90d"});
  expect_bad("SPECTACLES_DECISIONS_KEPT_ROWS", {"999", "1000000001", "many", "99999999999999"});
}

TEST_F(ConfigTest, Booleans) {
  for (const auto* text : {"true", "True", "TRUE", "1", "yes", "Yes"}) {
    EXPECT_TRUE(good({{"REGISTER_ENABLED", text}}).registration_enabled) << text;
  }
  for (const auto* text : {"false", "False", "0", "no", "NO"}) {
    EXPECT_FALSE(good({{"REGISTER_ENABLED", text}}).registration_enabled) << text;
  }
  EXPECT_TRUE(good({{"SQL_DEBUG_LOGGING", "yes"}}).log_statements);
  for (const auto* name : {"REGISTER_ENABLED", "SQL_DEBUG_LOGGING"}) expect_bad(name, {"on", "y", "2", "true "});
}

TEST_F(ConfigTest, Background) {
  EXPECT_EQ(good({{"SPECTACLES_BACKGROUND", "off"}}).background, Background::off);
  EXPECT_EQ(good({{"SPECTACLES_BACKGROUND", "inside"}}).background, Background::inside);
  EXPECT_EQ(good({{"SPECTACLES_BACKGROUND", "auto"}}).background, Background::inside);
  expect_bad("SPECTACLES_BACKGROUND", {"on", "OFF", "false"});
}

TEST_F(ConfigTest, Places) {
  const auto elsewhere = good({{"SPECTACLES_PRIV_KEY_PATH", "/certs/domain.key"}});
  EXPECT_EQ(elsewhere.key_path, "/certs/domain.key");
  EXPECT_FALSE(elsewhere.may_make_key) << "more likely a wrong path";
  EXPECT_FALSE(good({{"SPECTACLES_PRIV_KEY_PATH", (data_ / ".." / "domain.key").string()}}).may_make_key);
  EXPECT_TRUE(good({{"SPECTACLES_PRIV_KEY_PATH", (data_ / "domain.key").string()}}).may_make_key);
  EXPECT_EQ(good({{"LOG_FILE_PATH", "/log"}, {"LOG_FILE_NAME", "x.log"}}).log_file, "/log/x.log");
  expect_bad("LOG_FILE_NAME", {"../x.log", "/x.log"});
  EXPECT_EQ(good({{"SPECTACLES_ISSUER_NAME", "Issuer"}}).issuer, "Issuer");
  expect_bad("SPECTACLES_ISSUER_NAME", {"a\nb", "\xff", std::string(256, 'a')});
}

TEST_F(ConfigTest, HttpsWhenKeyAndCertificateExist) {
  const auto key = write("key.pem", "");
  expect_bad("SPECTACLES_WEB_TLS_KEY_PATH", {(folder_.path() / "missing").string()});
  expect_bad("SPECTACLES_WEB_TLS_CERT_PATH", {(folder_.path() / "missing").string()});
  const auto half = load({{"SPECTACLES_WEB_TLS_KEY_PATH", key.string()}});
  ASSERT_FALSE(half);
  EXPECT_THAT(half.error().text, HasSubstr("SPECTACLES_WEB_TLS_CERT_PATH"));

  const auto certificate = write("cert.pem", "");
  const auto config =
      good({{"SPECTACLES_WEB_TLS_KEY_PATH", key.string()}, {"SPECTACLES_WEB_TLS_CERT_PATH", certificate.string()}});
  ASSERT_TRUE(config.tls);
  EXPECT_EQ(config.tls->key, key);
  fs::create_directories(data_ / "tls");
  fs::copy(key, data_ / "tls" / "key.pem");
  fs::copy(certificate, data_ / "tls" / "cert.pem");
  EXPECT_EQ(good({}).tls->certificate, data_ / "tls" / "cert.pem");
}

TEST_F(ConfigTest, TheSigningCertificateDoesNotTurnOnHttps) {
  fs::create_directories(data_ / "certs");
  std::ofstream(data_ / "certs" / "domain.key") << "";
  std::ofstream(data_ / "certs" / "domain.crt") << "";
  EXPECT_FALSE(good({}).tls);
}

TEST_F(ConfigTest, Database) {
  EXPECT_EQ(good({{"SQLALCHEMY_DATABASE_URI", "sqlite:////x/my%20data.db"}}).database,
            DatabaseAddress("/x/my data.db"));
  EXPECT_TRUE(std::holds_alternative<db::Server>(good({{"DB_BACKEND", "mysql"}}).database));
  expect_bad("DB_BACKEND", {"sqlite", "Other"});
  expect_bad("SQLALCHEMY_DATABASE_URI", {"mysql://hidden-word@host", "sqlite:////hidden-word%zz"}, true);
}

TEST_F(ConfigTest, BackgroundIsInsideWhereOneMachineHasTheDatabaseForItself) {
  const std::string server = "mysql://u:p@h/d";
  EXPECT_EQ(good({{"SPECTACLES_BACKGROUND", "auto"}}).background, Background::inside);
  EXPECT_EQ(good({{"SQLALCHEMY_DATABASE_URI", server}}).background, Background::off);
  EXPECT_EQ(good({{"SQLALCHEMY_DATABASE_URI", server}, {"SPECTACLES_BACKGROUND", "auto"}}).background, Background::off);
  EXPECT_EQ(good({{"SQLALCHEMY_DATABASE_URI", server}, {"SPECTACLES_BACKGROUND", "inside"}}).background,
            Background::inside);
  EXPECT_EQ(good({{"SPECTACLES_BACKGROUND", "off"}}).background, Background::off);
}

TEST_F(ConfigTest, WhatIsNotThereIsRefusedUnlessItIsTheDefault) {
  for (const auto& option : all_options()) {
    if (option.not_yet.empty()) continue;
    const auto refused = load({{std::string(option.name), "hidden-word"}});
    ASSERT_FALSE(refused) << option.name;
    EXPECT_THAT(refused.error().text, HasSubstr(std::string(option.name)));
    EXPECT_THAT(refused.error().text, HasSubstr(std::string(option.not_yet)));
    EXPECT_THAT(refused.error().text, Not(HasSubstr("hidden-word")));
  }
  EXPECT_TRUE(load({{"OPENID_LOGIN", "false"}, {"SYSLOG_ENABLE", "no"}, {"SYSLOG_PORT", "5140"}}));
  EXPECT_FALSE(load({{"OPENID_LOGIN", "true"}}));
  EXPECT_TRUE(load({{"AVATARS_SAVE_PATH", "/elsewhere"}})) << "set-ups bring it along";
}

TEST_F(ConfigTest, SecretKey) {
  EXPECT_EQ(good({{"SECRET_KEY", "0123456789abcdef"}}).secret_key, Secret("0123456789abcdef"));
  expect_bad("SECRET_KEY", {"hidden-word"}, true);
}

TEST_F(ConfigTest, SecretsComeFromFilesToo) {
  const auto secret = [&](const std::string& text) {
    return good({{"SECRET_KEY_FILE", write("secret", text).string()}}).secret_key->reveal();
  };
  EXPECT_EQ(secret("0123456789abcdef"), "0123456789abcdef");
  EXPECT_EQ(secret("0123456789abcdef\n"), "0123456789abcdef");
  EXPECT_EQ(secret("0123456789abcdef\n\n"), "0123456789abcdef\n") << "one newline, no more";
  EXPECT_EQ(secret(" 0123456789abcdef "), " 0123456789abcdef ");
  const auto uri = write("uri", "sqlite:////x.db\n");
  EXPECT_EQ(good({{"SQLALCHEMY_DATABASE_URI_FILE", uri.string()}}).database, DatabaseAddress("/x.db"));

  const auto both = load({{"SECRET_KEY", "hidden-word-0123456789"}, {"SECRET_KEY_FILE", uri.string()}});
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().text, HasSubstr("SECRET_KEY_FILE"));
  EXPECT_THAT(both.error().text, Not(HasSubstr("hidden-word")));
  const auto missing = load({{"SECRET_KEY_FILE", (folder_.path() / "missing").string()}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text, HasSubstr("environment: SECRET_KEY_FILE"));
}

TEST_F(ConfigTest, TheEnvironmentWinsOverTheFile) {
  const auto file = write("test.yml", "web_root: /file\nspectacles_issuer_name: File\nsecret_key: 0123456789abcdef\n");
  const auto config = load({{"WEB_ROOT", "/environment"}, {"SPECTACLES_ISSUER_NAME", ""}}, file);
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->web_root, "/environment");
  EXPECT_EQ(config->issuer, "File");
  EXPECT_EQ(config->secret_key, Secret("0123456789abcdef"));
}

TEST_F(ConfigTest, WhichFile) {
  const auto by_argument = write("argument.yml", "web_root: /argument\n");
  const auto by_environment = write("environment.yml", "web_root: /environment\n");
  std::ofstream(data_ / "spectacles.yml") << "web_root: /data\n";
  EXPECT_EQ(good({}).web_root, "/data");
  EXPECT_EQ(good({{"SPECTACLES_CONFIG", by_environment.string()}}).web_root, "/environment");
  EXPECT_EQ(load({{"SPECTACLES_CONFIG", by_environment.string()}}, by_argument)->web_root, "/argument");
  const auto missing = load({{"SPECTACLES_CONFIG", "/missing.yml"}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().text, HasSubstr("/missing.yml"));
  EXPECT_FALSE(load({}, "/missing.yml"));
}

TEST_F(ConfigTest, TheFileIsCheckedWithItsLines) {
  EXPECT_THAT(refusal_of("web_root: /a\nwebroot: /b\n"), HasSubstr("webroot: there is no such key (line 2)"));
  EXPECT_THAT(refusal_of("WEB_ROOT: /a\n"), HasSubstr("(line 1)")) << "keys are in lower case";
  EXPECT_THAT(refusal_of("web_root: /a\n\nweb_root: /b\n"), HasSubstr("(line 3)"));
  EXPECT_THAT(refusal_of("web_root: [/a]\n"), HasSubstr("must be a single value"));
  EXPECT_THAT(refusal_of("- web_root\n"), HasSubstr("must hold keys and values"));
  EXPECT_THAT(refusal_of("web_root: /a\nportal_url: [\n"), HasSubstr("line"));
  EXPECT_THAT(refusal_of("\nregister_enabled: maybe\n"), HasSubstr("register_enabled (line 2): must be true or false"));
  EXPECT_THAT(refusal_of("secret_key: hidden-word\n"), Not(HasSubstr("hidden-word")));
  EXPECT_THAT(refusal_of("secret_key: 0123456789abcdef\nsecret_key_file: " + write("s", "x").string() + "\n"),
              HasSubstr("not both"));
  EXPECT_THAT(refusal_of("listen_file: x\n"), HasSubstr("there is no such key"));
  EXPECT_EQ(refusal_of(""), "accepted");
  EXPECT_EQ(refusal_of("web_root:\nregister_enabled: yes\n"), "accepted");
}

}  // namespace
}  // namespace spectacles::app
