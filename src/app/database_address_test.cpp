#include "app/database_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace spectacles::app {
namespace {

namespace fs = std::filesystem;
using db::Engine;
using testing::HasSubstr;
using testing::Not;

db::Server server_of(const std::string& uri) {
  const auto address = parse_database_uri(uri);
  EXPECT_TRUE(address) << uri << ": " << address.error().text;
  return std::get<db::Server>(address.value());
}

db::Server server(Engine engine, std::string host, std::uint16_t port, std::string user, std::string password,
                  std::string database) {
  return {engine, std::move(host), port, std::move(user), Secret(std::move(password)), std::move(database)};
}

TEST(DatabaseUriTest, SchemesOfPythonMeanTheSame) {
  for (const auto* scheme : {"mysql", "mysql+pymysql", "mysql+mysqldb", "mariadb", "mariadb+pymysql", "MySQL"}) {
    EXPECT_EQ(server_of(std::string(scheme) + "://u:p@h/d"), server(Engine::mysql, "h", 3306, "u", "p", "d"));
  }
  for (const auto* scheme : {"postgresql", "postgres", "postgresql+psycopg2", "postgresql+psycopg"}) {
    EXPECT_EQ(server_of(std::string(scheme) + "://u:p@h/d"), server(Engine::postgres, "h", 5432, "u", "p", "d"));
  }
  EXPECT_EQ(std::get<fs::path>(parse_database_uri("sqlite:////x/my%20data.db").value()), "/x/my data.db");
}

TEST(DatabaseUriTest, PartsArePercentDecoded) {
  EXPECT_EQ(server_of("mysql://us%40er:p%3A%2F%40%25w@db.example.org:3307/my%20data"),
            server(Engine::mysql, "db.example.org", 3307, "us@er", "p:/@%w", "my data"));
  EXPECT_EQ(server_of("postgresql://u@h/d"), server(Engine::postgres, "h", 5432, "u", "", "d"));
  EXPECT_EQ(server_of("postgresql://u:@h/d"), server(Engine::postgres, "h", 5432, "u", "", "d"));
  EXPECT_EQ(server_of("mysql://u:a+b@h/d").password, Secret("a+b"));
}

TEST(DatabaseUriTest, PasswordsMayHoldWhatSqlalchemyAllows) {
  EXPECT_EQ(server_of("mysql://u:a/b?c#d:e@h/d"), server(Engine::mysql, "h", 3306, "u", "a/b?c#d:e", "d"));
}

TEST(DatabaseUriTest, HostsMayBeAddresses) {
  EXPECT_EQ(server_of("mysql://u:p@[::1]:3307/d"), server(Engine::mysql, "::1", 3307, "u", "p", "d"));
  EXPECT_EQ(server_of("mysql://u:p@[fe80::1]/d"), server(Engine::mysql, "fe80::1", 3306, "u", "p", "d"));
  EXPECT_EQ(server_of("mysql://u:p@10.0.0.1:1/d"), server(Engine::mysql, "10.0.0.1", 1, "u", "p", "d"));
}

TEST(DatabaseUriTest, ParametersThatChangeNothingArePassedOver) {
  EXPECT_EQ(server_of("mysql://u:p@h/d?charset=utf8mb4&use_unicode=1"), server_of("mysql://u:p@h/d"));
  EXPECT_EQ(server_of("mysql://u:p@h/d?"), server_of("mysql://u:p@h/d"));
  const auto refused = parse_database_uri("postgresql://u:p@h/d?sslmode=require&charset=utf8&options=hidden-word");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("sslmode, options"));
  EXPECT_THAT(refused.error().text, Not(HasSubstr("hidden-word")));
}

TEST(DatabaseUriTest, WrongOnesAreRefusedWithoutTheirPassword) {
  for (const auto* uri : {"mysql",
                          "mysql:",
                          "mysql://",
                          "mysql://h/d",
                          "mysql://u:hidden-word@/d",
                          "mysql://u:hidden-word@h",
                          "mysql://u:hidden-word@h/",
                          "mysql://:hidden-word@h/d",
                          "mysql://u:hidden-word@h:0/d",
                          "mysql://u:hidden-word@h:65536/d",
                          "mysql://u:hidden-word@h:/d",
                          "mysql://u:hidden-word@h:x/d",
                          "mysql://u:hidden-word%zz@h/d",
                          "mysql://u:hidden-word%00@h/d",
                          "mysql://u%z:hidden-word@h/d",
                          "mysql://u:hidden-word@h/d%z",
                          "mysql://u:hidden-word@[::1/d",
                          "mysql://u:hidden-word@[::1]x/d",
                          "mysql://u:hidden-word@a b/d",
                          "mysql://u:hidden-word@a,b/d",
                          "mysql://u:hidden-word@a@b/d",
                          "oracle://u:hidden-word@h/d",
                          "://u:hidden-word@h/d",
                          "sqlite://",
                          "sqlite:///",
                          "sqlite:///:memory:",
                          "sqlite:////x%zz",
                          "sqlite://hidden-word/x",
                          "/x.db"}) {
    const auto refused = parse_database_uri(uri);
    ASSERT_FALSE(refused) << uri;
    EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
    EXPECT_THAT(refused.error().text, Not(HasSubstr("hidden-word"))) << uri;
    EXPECT_FALSE(refused.error().text.empty());
  }
}

class DatabaseAddressTest : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string, std::less<>>;

  static Result<DatabaseAddress> load(const Variables& variables) {
    const Environment environment = [&](std::string_view name) -> std::optional<std::string> {
      const auto at = variables.find(name);
      return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
    const auto source = SettingsSource::load(environment, {});
    return load_database_address(source.value(), "/data");
  }

  static db::Server server_with(const Variables& variables) {
    const auto address = load(variables);
    EXPECT_TRUE(address) << address.error().text;
    return std::get<db::Server>(address.value());
  }

  static bool is_sqlite(const Variables& variables) {
    const auto address = load(variables);
    EXPECT_TRUE(address) << address.error().text;
    const auto* file = std::get_if<fs::path>(&address.value());
    if (file != nullptr) {
      EXPECT_EQ(*file, "/data/db/spectacles.db");
    }
    return file != nullptr;
  }

  static std::string refusal_of(const Variables& variables) {
    const auto refused = load(variables);
    return refused ? "accepted" : refused.error().text;
  }
};

TEST_F(DatabaseAddressTest, NothingIsSqlite) {
  EXPECT_TRUE(is_sqlite({}));
  EXPECT_TRUE(is_sqlite({{"DB_BACKEND", "other"}}));
  EXPECT_TRUE(is_sqlite({{"DB_BACKEND", "other"}, {"DB_HOST", "db"}, {"MYSQL_USER", "me"}}));
  EXPECT_TRUE(is_sqlite({{"POSTGRES_PASSWORD", "word"}})) << "only those of MySQL say which engine";
}

TEST_F(DatabaseAddressTest, BackendTakesItsVariables) {
  EXPECT_EQ(server_with({{"DB_BACKEND", "mysql"}}),
            server(Engine::mysql, "mysql", 3306, "spectacles", "", "spectacles"));
  EXPECT_EQ(server_with({{"DB_BACKEND", "postgresql"}}),
            server(Engine::postgres, "postgresql", 5432, "spectacles", "", "spectacles"));
  const Variables all{{"DB_HOST", "db"},          {"MYSQL_DATABASE", "md"}, {"MYSQL_USER", "mu"},
                      {"MYSQL_PASSWORD", "m%40"}, {"POSTGRES_DB", "pd"},    {"POSTGRES_USER", "pu"},
                      {"POSTGRES_PASSWORD", "pp"}};
  auto mysql = all, postgres = all;
  mysql["DB_BACKEND"] = "mysql";
  postgres["DB_BACKEND"] = "postgresql";
  const auto expected = server(Engine::mysql, "db", 3306, "mu", "m%40", "md");
  EXPECT_EQ(server_with(mysql), expected) << "only addresses are percent-decoded";
  EXPECT_EQ(server_with(all), expected);
  EXPECT_EQ(server_with(postgres), server(Engine::postgres, "db", 5432, "pu", "pp", "pd"));
}

TEST_F(DatabaseAddressTest, SignsOfMysqlMeanMysqlWhereNoBackendIsNamed) {
  for (const auto* name : {"DB_HOST", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD"}) {
    EXPECT_EQ(server_with({{name, "word"}}).engine, Engine::mysql) << name;
  }
}

TEST_F(DatabaseAddressTest, HostMayHaveAPort) {
  EXPECT_EQ(server_with({{"DB_HOST", "db:3307"}}).port, 3307);
  EXPECT_EQ(server_with({{"DB_HOST", "[::1]:3307"}}).host, "::1");
  for (const auto* host : {"db:", "db:x", "[::1", "d b", "::1"}) {
    EXPECT_THAT(refusal_of({{"DB_HOST", host}}), HasSubstr("environment: DB_HOST: ")) << host;
  }
}

TEST_F(DatabaseAddressTest, AddressDecidesAndMustNotBeContradicted) {
  const std::string mysql = "mysql://u:hidden-word@h/d";
  EXPECT_EQ(server_with({{"SQLALCHEMY_DATABASE_URI", mysql}, {"DB_HOST", "other"}, {"MYSQL_USER", "other"}}),
            server_of(mysql));
  EXPECT_EQ(server_with({{"SQLALCHEMY_DATABASE_URI", mysql}, {"DB_BACKEND", "mysql"}}), server_of(mysql));
  EXPECT_EQ(server_with({{"SQLALCHEMY_DATABASE_URI", mysql}, {"DB_BACKEND", "other"}}), server_of(mysql));
  const std::string postgres = "postgresql://u:p@h/d";
  EXPECT_EQ(server_with({{"SQLALCHEMY_DATABASE_URI", postgres}, {"DB_BACKEND", "postgresql"}}), server_of(postgres));

  const auto text = refusal_of({{"SQLALCHEMY_DATABASE_URI", mysql}, {"DB_BACKEND", "postgresql"}});
  EXPECT_THAT(text, HasSubstr("environment: DB_BACKEND: "));
  EXPECT_THAT(text, HasSubstr("says postgresql"));
  EXPECT_THAT(text, HasSubstr("SQLALCHEMY_DATABASE_URI"));
  EXPECT_THAT(text, HasSubstr("mysql database"));
  EXPECT_THAT(text, Not(HasSubstr("hidden-word")));
  EXPECT_THAT(refusal_of({{"SQLALCHEMY_DATABASE_URI", "sqlite:////x.db"}, {"DB_BACKEND", "mysql"}}),
              HasSubstr("says mysql"));
}

TEST_F(DatabaseAddressTest, UnknownBackendIsRefused) {
  for (const auto* backend : {"sqlite", "Other", "mariadb"}) {
    EXPECT_THAT(refusal_of({{"DB_BACKEND", backend}}), HasSubstr("environment: DB_BACKEND: "));
    EXPECT_THAT(refusal_of({{"DB_BACKEND", backend}, {"SQLALCHEMY_DATABASE_URI", "sqlite:////x.db"}}),
                HasSubstr("environment: DB_BACKEND: "));
  }
}

}  // namespace
}  // namespace spectacles::app
