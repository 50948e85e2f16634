#include "declare/yaml_tree.h"

#include <gtest/gtest.h>

#include <random>

#include "declare/document.h"

namespace spectacles::declare {
namespace {

std::string error_of(std::string_view text) {
  Errors errors;
  const auto tree = YamlTree::parse(text, errors);
  EXPECT_EQ(tree.has_value(), errors.empty());
  return errors.empty() ? "" : render_error(errors.front());
}

TEST(YamlTree, KnowsTheLineOfEachValue) {
  Errors errors;
  const auto tree = YamlTree::parse("# first\na: 1\n\nb:\n  - x\n  - {c: y}\n", errors);
  ASSERT_TRUE(tree);
  const auto& items = tree->root().items;
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0]->line, 2);
  EXPECT_EQ(items[2]->line, 4);
  EXPECT_EQ(items[3]->items[0]->line, 5);
  EXPECT_EQ(items[3]->items[1]->line, 6);
}

TEST(YamlTree, AnEmptyTextIsNull) {
  for (const std::string_view text : {"", "\n\n", "# nothing\n", "---\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF# nothing\n"}) {
    Errors errors;
    const auto tree = YamlTree::parse(text, errors);
    ASSERT_TRUE(tree) << text;
    EXPECT_EQ(tree->root().kind, YamlNode::Kind::null) << text;
  }
}

TEST(YamlTree, AnAliasIsTheNodeOfItsAnchor) {
  Errors errors;
  const auto tree = YamlTree::parse("a: &x [1]\nb: *x\n", errors);
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->root().items[1], tree->root().items[3]);
}

TEST(YamlTree, RefusesWhatIsNoOneDocument) {
  EXPECT_EQ(error_of("a: 1\n---\nb: 2\n"), "the file holds more than one document (line 2)");
  EXPECT_EQ(error_of("a: 1\nb: \xff\n"), "the file is not UTF-8 (line 2)");
  EXPECT_EQ(error_of("a: 1\n\nb: \x04\nc: 2\n"),
            "the file holds a control character; in double quotes it can be written as \\xNN (line 3)");
  EXPECT_EQ(error_of("a: !include x\n"), "a tag (!name) has no meaning here (line 1)");
  EXPECT_EQ(error_of("a: 1\nb: [1, 2\n").substr(0, 14), "not valid YAML");
  EXPECT_EQ(error_of("a: *nobody\n").substr(0, 14), "not valid YAML");
}

// Half a file must not pass for a whole one.
TEST(YamlTree, RefusesAQuoteThatIsLeftOpen) {
  for (const std::string_view text : {"a: \"", "a: \"\n", "a: \"x\n\n", "a: 'x\n", "a: 'x", "a: [\"x\",\n  \"y\n"}) {
    EXPECT_EQ(error_of(text).substr(0, 14), "not valid YAML") << text;
  }
}

TEST(YamlTree, StopsAtDeepNesting) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(error_of(deep), "the file is nested deeper than anything it could describe (line 1)");
  std::string block;
  for (int i = 0; i < 1000; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_EQ(error_of(block), "the file is nested deeper than anything it could describe (line 33)");
  EXPECT_FALSE(error_of(std::string(100'000, '{')).empty());
}

// Aliases of aliases: a few lines that stand for billions of values.
TEST(YamlTree, AliasesCannotBlowUpTheWork) {
  std::string text = "users:\n";
  std::string names;
  for (int i = 0; i < 3000; ++i) names += "user" + std::to_string(i) + ", ";
  text = "groups:\n- {name: g, members: &m [" + names + "]}\n";
  for (int i = 0; i < 3000; ++i) text += "- {name: g" + std::to_string(i) + ", members: *m}\n";
  const Document document = parse_document(text, "");
  ASSERT_FALSE(document.errors.empty());
  EXPECT_EQ(document.errors.back().text, "the file holds too many values (aliases count each time they are used)");
}

TEST(YamlTree, ACycleOfAliasesIsRead) {
  const Document document = parse_document("users: &u\n- *u\n- &v {username: *v}\n", "");
  EXPECT_EQ(document.errors.size(), 2U);
}

// Damaged texts end in errors or in a document, never in a crash.
TEST(YamlTree, SurvivesDamage) {
  constexpr std::string_view whole =
      "registries:\n  - {name: main, url: \"http://localhost:5000\", service: 'Docker registry', key_mode: x5c}\n"
      "users: &all\n  - username: alice\n    password_hash: >-\n      $argon2id\n  - ? role\n    : ~\n"
      "groups:\n  - {name: b, members: [alice, *all]}\n"
      "namespaces:\n- name: team\n  description: |\n    a\n    b\n  claims:\n  - {user: \"\\u0041\", access: !!str "
      "FULL}\n";
  constexpr std::string_view spice = "[]{}:,-?&*!|>'\"%@`#~ \n\t\\0aA.\xc3\xa9";
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string text(whole);
    for (int i = static_cast<int>(random() % 8); i >= 0; --i) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = spice[random() % spice.size()];
          break;
        case 1:
          text.insert(at, 1, spice[random() % spice.size()]);
          break;
        default:
          text.erase(at, random() % 20);
      }
      if (text.empty()) break;
    }
    const Document document = parse_document(text, "");
    for (const Error& error : document.errors) ASSERT_FALSE(error.text.empty()) << text;
  }
}

}  // namespace
}  // namespace spectacles::declare
