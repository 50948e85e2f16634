#include "declare/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "declare/fixture_test.h"

namespace spectacles::declare {
namespace {

TEST(Document, ReadsTheDocumentedForm) {
  const Document document = parse_document(R"(
registries:
  - {name: main, url: "http://localhost:5000", public: "localhost:5000", service: "Docker registry", key_mode: x5c}
users:
  - {username: Alice, email: alice@example.org, password: "correct horse", role: user}
  - {username: 'bob', disabled: yes}
groups:
  - {name: builders, members: [alice, bob]}
namespaces:
  - registry: main
    name: team
    owner: alice
    members: [bob]
    groups: [builders]
    member_access: READ
    group_access: "WRITE"
    other_access: NONE
    anonymous_access: NONE
    claims:
      - {user: carol, repository: "*", access: FULL}
      - {group: builders, repository: "tools-*", access: NONE}
)",
                                           "");
  ASSERT_TRUE(document.errors.empty()) << render_error(document.errors.front());
  EXPECT_FALSE(document.entries_lost);
  const RegistryEntry& registry = document.registries->entries.at(0);
  EXPECT_EQ(registry.url->value.str(), "http://localhost:5000");
  EXPECT_EQ(registry.service->value.str(), "Docker registry");
  EXPECT_FALSE(registry.ca);
  const auto& users = document.users->entries;
  EXPECT_EQ(users.at(0).username.str(), "alice");
  EXPECT_EQ(std::get<Secret>(users.at(0).password->value).reveal(), "correct horse");
  EXPECT_FALSE(users.at(0).disabled);
  EXPECT_TRUE(users.at(1).disabled->value);
  const NamespaceEntry& ns = document.namespaces->entries.at(0);
  EXPECT_EQ(ns.group_access->value, access::Level::write);
  EXPECT_EQ(ns.claims->size(), 2U);
  EXPECT_EQ(ns.members->at(0).place, (Place{"namespaces[0].members[0]", 13}));
}

TEST(Document, QuotesDoNotMatter) {
  const Document document =
      parse_document("users: [{username: 123, email: null}, {username: \"456\", disabled: 'TRUE'}]", "");
  ASSERT_TRUE(document.errors.empty()) << render_error(document.errors.front());
  EXPECT_EQ(document.users->entries[0].username.str(), "123");
  EXPECT_EQ(document.users->entries[0].email->value, std::nullopt);
  EXPECT_TRUE(document.users->entries[1].disabled->value);
}

TEST(Document, AnEmptyFileAsksForNothing) {
  for (const std::string_view text : {"", "# nothing\n", "---\n", "{}", "null"}) {
    const Document document = parse_document(text, "");
    EXPECT_TRUE(document.errors.empty()) << text;
    EXPECT_FALSE(document.users) << text;
    EXPECT_FALSE(document.entries_lost) << text;
  }
}

struct Bad {
  std::string_view yaml;
  std::string_view error;  // as far as it is told to people
};

class BadDocument : public testing::TestWithParam<Bad> {};

TEST_P(BadDocument, IsRefusedAtItsPlace) {
  const Document document = parse_document(GetParam().yaml, "/nonexistent");
  ASSERT_EQ(document.errors.size(), 1U) << GetParam().yaml;
  EXPECT_EQ(render_error(document.errors[0]), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Document, BadDocument,
    testing::Values(
        // the whole
        Bad{"[]", "should be a map with the keys registries, users, groups, namespaces, not a list (line 1)"},
        Bad{"\n\nhello",
            "should be a map with the keys registries, users, groups, namespaces, not a single value (line 3)"},
        Bad{"users: []\nuser: []\n",
            "user: unknown key; the keys here are registries, users, groups, namespaces (line 2)"},
        Bad{"users: []\ngroups: []\nusers: []\n", "users: is given twice, first in line 1 (line 3)"},
        Bad{"users:\n",
            "users: should be a list, not null; [] is the empty list, and without the key all stays as it is "
            "(line 1)"},
        Bad{"groups: {}\n",
            "groups: should be a list, not a map; [] is the empty list, and without the key all stays as "
            "it is (line 1)"},
        Bad{"? [a]\n: 1\n", "a key should be a word, not a list (line 1)"},
        // users
        Bad{"users: [alice]\n",
            "users[0]: should be a map with the keys username, email, role, disabled, password, "
            "password_hash, password_file, not a single value (line 1)"},
        Bad{"users:\n- username: a\n  rolle: user\n",
            "users[0].rolle: unknown key; the keys here are username, email, role, disabled, password, password_hash, "
            "password_file (line 3)"},
        Bad{"users:\n- username: a\n  role: User\n", "users[0].role: a role is user, auditor or admin (line 3)"},
        Bad{"users:\n- username: a\n  role: [user]\n", "users[0].role: should be a single value, not a list (line 3)"},
        Bad{"users:\n- username: a\n  role:\n",
            "users[0].role: is null: give a value (the word null itself in quotes) or leave it out (line 3)"},
        Bad{"users:\n- username: a\n  disabled: maybe\n", "users[0].disabled: should be true or false (line 3)"},
        Bad{"users:\n- role: user\n", "users[0].username: is missing (line 2)"},
        Bad{"users:\n- {username: a}\n- {username: b}\n- {username: A}\n",
            "users[2].username: 'a' is the name of users[0] already (line 4)"},
        Bad{"users:\n- {username: a, password: short}\n",
            "users[0].password: a password has 8 to 256 characters (line 2)"},
        Bad{"users:\n- username: a\n  password: long enough\n  password_hash: x\n",
            "users[0].password_hash: only one of password, password_hash and password_file can be given (line 4)"},
        Bad{"users:\n- {username: a, password_file: none}\n",
            "users[0].password_file: cannot be read: /nonexistent/none: No such file or directory (line 2)"},
        // groups
        Bad{"groups:\n- {name: g, members: [a, B,\n   b]}\n",
            "groups[0].members[2]: 'b' is in the list already (line 3)"},
        Bad{"groups:\n- {name: g, members: [[a]]}\n",
            "groups[0].members[0]: should be a single value, not a list (line 2)"},
        Bad{"groups:\n- {name: g, members: null}\n",
            "groups[0].members: should be a list, not null; [] is the empty list, and without the key all stays as it "
            "is "
            "(line 2)"},
        // registries
        Bad{"registries:\n- {name: r, service: '\"x\"'}\n",
            "registries[0].service: the service name holds a quotation mark, which the registry would never match: in "
            "a "
            "compose list, write REGISTRY_AUTH_TOKEN_SERVICE=Docker registry without quotes (line 2)"},
        Bad{"registries:\n- {name: r, ca: nothing.pem}\n",
            "registries[0].ca: cannot be read: /nonexistent/nothing.pem: No such file or directory (line 2)"},
        // namespaces
        Bad{"namespaces:\n- name: team\n  other_access: read\n",
            "namespaces[0].other_access: an access is NONE, READ, WRITE or FULL (line 3)"},
        Bad{"namespaces:\n- name: team\n  claims:\n  - {repository: '*', access: READ}\n",
            "namespaces[0].claims[0]: should have either user or group (line 4)"},
        Bad{"namespaces:\n- name: team\n  claims:\n  - {user: a, group: b, repository: '*', access: READ}\n",
            "namespaces[0].claims[0]: should have either user or group (line 4)"},
        Bad{"namespaces:\n- name: team\n  claims:\n  - {user: a, access: READ}\n",
            "namespaces[0].claims[0].repository: is missing (line 4)"},
        Bad{"namespaces:\n- name: team\n  claims:\n  - {user: a, repository: 'x', access: READ}\n"
            "  - {user: A, repository: 'x', access: FULL}\n",
            "namespaces[0].claims[1]: has the holder and the repository of namespaces[0].claims[0] (line 5)"}));

TEST(Document, ReportsAllErrorsAtOnce) {
  const Document document = parse_document(R"(users:
- {username: "a b", role: king}
- {username: ok, disabled: perhaps}
groups:
- {nam: g}
)",
                                           "");
  std::vector<std::string> paths;
  for (const Error& error : document.errors) paths.push_back(error.place.path);
  EXPECT_THAT(paths, testing::UnorderedElementsAre("users[0].username", "users[0].role", "users[1].disabled",
                                                   "groups[0].nam", "groups[0].name"));
  EXPECT_TRUE(document.entries_lost);
}

TEST(Document, APasswordNeverStandsInAnError) {
  const Document document =
      parse_document("users:\n- {username: a, password: hunter2}\n- {username: b, password_hash: hunter2}\n", "");
  ASSERT_EQ(document.errors.size(), 2U);
  for (const Error& error : document.errors) EXPECT_EQ(render_error(error).find("hunter2"), std::string::npos);
}

TEST(Document, APasswordFileLosesOneLineEnd) {
  const db::TestFolder dir;
  write_file(dir.path() / "one", "correct horse\n");
  write_file(dir.path() / "two", "correct horse\n\n");
  const Document document =
      parse_document("users: [{username: a, password_file: one}, {username: b, password_file: two}]", dir.path());
  ASSERT_TRUE(document.errors.empty());
  EXPECT_EQ(std::get<Secret>(document.users->entries[0].password->value).reveal(), "correct horse");
  EXPECT_EQ(std::get<Secret>(document.users->entries[1].password->value).reveal(), "correct horse\n");
}

TEST(Load, FindsFilesBesideTheDocument) {
  const db::TestFolder dir;
  write_file(dir.path() / "secret", "correct horse");
  write_file(dir.path() / "users.yml", "users: [{username: a, password_file: secret}]");
  EXPECT_TRUE(load((dir.path() / "users.yml").string()).errors.empty());
}

TEST(Load, AFileThatCannotBeReadIsAnError) {
  const db::TestFolder dir;
  const Document missing = load((dir.path() / "none.yml").string());
  ASSERT_EQ(missing.errors.size(), 1U);
  EXPECT_THAT(render_error(missing.errors[0]), testing::HasSubstr("No such file or directory"));
  EXPECT_THAT(render_error(load(dir.path().string()).errors.at(0)), testing::HasSubstr("is a folder"));
}

}  // namespace
}  // namespace spectacles::declare
