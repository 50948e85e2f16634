#include "declare/export.h"

#include <gtest/gtest.h>

#include "crypto/certificate.h"
#include "declare/fixture_test.h"

namespace spectacles::declare {
namespace {

TEST(Export, AnEmptyDatabaseIsFourEmptyLists) {
  Installation here;
  EXPECT_EQ(here.yaml(), "registries: []\nusers: []\ngroups: []\nnamespaces: []\n");
}

TEST(Export, IsReadableYaml) {
  Installation here;
  ASSERT_TRUE(
      here.apply("registries: [{name: main, url: 'https://registry.example.org', service: Docker registry}]\n"
                 "users: [{username: alice, email: a@example.org, password_hash: '" +
                 some_hash() +
                 "'}]\ngroups: [{name: builders, members: [alice]}]\n"
                 "namespaces: [{name: /, owner: alice, claims: [{group: builders, repository: '*', access: FULL}]}]")
          .errors.empty());
  EXPECT_EQ(here.yaml(), R"(registries:
  - name: main
    url: "https://registry.example.org"
    public: registry.example.org
    service: "Docker registry"
    key_mode: x5c
    ca: ~
    pin: ~
users:
  - username: alice
    email: a@example.org
    role: user
    disabled: false
    password_hash: ")" + some_hash() +
                             R"("
groups:
  - name: builders
    members: [alice]
namespaces:
  - registry: main
    name: "/"
    owner: alice
    description: ""
    members: []
    groups: []
    member_access: NONE
    group_access: NONE
    other_access: NONE
    anonymous_access: NONE
    claims:
      - group: builders
        repository: "*"
        access: FULL
)");
}

// Names that YAML would read as something else, or that need quotes, and a certificate of many lines.
World awkward_world() {
  World world;
  const auto key = crypto::PrivateKey::generate_p256();
  const std::string pem =
      crypto::Certificate::self_signed(key, "registry", Time(std::chrono::milliseconds(1'700'000'000'000))).to_pem();
  int number = 0;
  for (const std::string_view text :
       {"yes",   "NULL",  "~",          "1e3",     "0x1F",   "true",        "- item",
        "? key", "a: b",  "x #y",       "&anchor", "*alias", "!tag",        "%dir",
        "@at",   "`tick", "{a",         "[b",      "it's",   "back\\slash", "Gr\u00fc\u00dfe \u6771\u4eac \U0001F600",
        "<<",    "=",     "2026-01-01", ".inf",    "a,b",    "'quoted'",    "|",
        ">",     "---",   "..."}) {
    const Label name = Label::parse(text).value();
    ++number;
    world.registries.emplace(
        name, Registry{name,
                       {registries::RegistryUrl::parse(fmt::format("https://[::1]:{}", 5000 + number)).value(),
                        registries::parse_ca(pem).value(), std::nullopt},
                       RegistryHost::parse("localhost:5000").value(),
                       ServiceName::parse(std::string(text) == "\"" ? "x" : text).value(),
                       registries::KeyMode::jwks});
    world.groups.emplace(name, Group{name, {}});
  }
  for (const std::string_view text : {"null", "yes", "1e3", "0123", "on", "1_000", "12.30", "0"}) {
    const UserName name = UserName::parse(text).value();
    world.users.emplace(name, User{name, accounts::Role::user, "o'neil+x@example.org", true, some_hash()});
    for (auto& [label, group] : world.groups) group.members.insert(name);
    const NamespaceKey place{Label::parse("yes").value(), NamespaceName::parse("n/123").value()};
    Namespace ns{place.first, place.second, name};
    ns.description = "first: line\n\n  second \"line\"\n\ttab \\ end\n";
    ns.members = {name};
    for (const auto& [label, group] : world.groups) {
      ns.groups.insert(label);
      ns.claims.insert({label, Pattern::parse("?-*").value(), access::Level::write});
    }
    ns.claims.insert({name, Pattern::parse("*").value(), access::Level::full});
    world.namespaces.insert_or_assign(place, ns);
  }
  return world;
}

TEST(Export, WhatItSaysIsReadBackExactly) {
  const World world = awkward_world();
  const std::string yaml = render_yaml(world);
  Errors errors;
  const Document document = parse_document(yaml, "");
  ASSERT_TRUE(document.errors.empty()) << render_error(document.errors.front()) << "\n" << yaml;
  const HashOf no_hash = [](const auto&, const auto&, const auto&) { return std::string(); };
  EXPECT_TRUE(want({}, document, Prune::no, no_hash, errors) == world);
  EXPECT_TRUE(errors.empty());
}

class ExportOfADatabase : public db::OnEveryEngine {};

TEST_P(ExportOfADatabase, GoesAround) {
  const std::string yaml = render_yaml(awkward_world());
  Installation here{options()};
  const Outcome first = here.apply(yaml);
  ASSERT_TRUE(first.errors.empty()) << here.say(first);
  EXPECT_EQ(here.yaml(), yaml);
  EXPECT_EQ(here.say(here.prune(here.yaml())), "nothing to change\n");
}

INSTANTIATE_TEST_SUITE_P(Engines, ExportOfADatabase, db::every_engine(), db::engine_name);

// What YAML could take for something else: a boolean, a number, nothing, a key, a comment.
TEST(Export, NamesThatLookLikeOtherThingsGoAround) {
  Installation here;
  const auto outcome = here.apply(
      "registries: [{name: 'yes', url: 'http://localhost:5000', service: 'Docker: registry #1'}]\n"
      "users:\n"
      "- {username: 'null', email: 'jürgen+x@exämple.org', role: admin, password_hash: '" +
      some_hash() + "'}\n- {username: '0123', password_hash: '" + some_hash('b') +
      "'}\n- {username: 'true', disabled: true, password_hash: '" + some_hash('c') +
      "'}\ngroups: [{name: 'no', members: ['0123', 'null']}, {name: '~'}, {name: '# x: y'}]\n"
      "namespaces:\n"
      "- {registry: 'yes', name: '0x1f', owner: '0123', members: ['null'], groups: ['no'], description: \"- a: 'b'\\n# "
      "c\\n\",\n"
      "   claims: [{user: 'null', repository: '?-*', access: NONE}, {group: 'no', repository: '0*', access: FULL}]}\n");
  ASSERT_EQ(here.say(outcome).find(" (line "), std::string::npos) << here.say(outcome);
  const auto exported = here.yaml();
  Installation there;
  EXPECT_TRUE(there.apply(exported).errors.empty());
  EXPECT_EQ(there.yaml(), exported);
  EXPECT_TRUE(here.apply(exported, {.plan_only = true}).plan.empty());
}

}  // namespace
}  // namespace spectacles::declare
