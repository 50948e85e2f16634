#include "removal/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "removal/retention_rules.h"

#include <boost/json.hpp>

namespace spectacles::removal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto day = std::chrono::days(1);
const Time now = from_millis(1'000'000'000'000);

RetainedTag tag(const std::string& name, int age_days, std::optional<int> pulled_days = {}, char digit = 0,
                const std::string& repository = "app") {
  const char own = digit != 0 ? digit : "0123456789abcdef"[std::hash<std::string>{}(name + repository) % 16];
  return {.repository = RepositoryPath::parse("team/" + repository).value(),
          .rest = repository,
          .tag = TagName::parse(name).value(),
          .digest = Digest::parse("sha256:" + std::string(64, own)).value(),
          .pushed_at = now - age_days * day,
          .pulled_at = pulled_days ? std::optional(now - *pulled_days * day) : std::nullopt};
}

RetentionRules rules(const std::string& json) {
  return parse_retention_rules(boost::json::parse(json).as_object()).value();
}

// The names of the tags that go.
std::vector<std::string> going(const std::string& json, const std::vector<RetainedTag>& tags) {
  std::vector<std::string> names;
  const auto verdicts = plan_retention(rules(json), tags, now);
  EXPECT_EQ(verdicts.size(), tags.size());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    EXPECT_FALSE(verdicts[i].reason.empty());
    if (verdicts[i].goes) names.push_back(tags[i].tag.str());
  }
  return names;
}

std::string reason(const std::string& json, const RetainedTag& one) {
  return plan_retention(rules(json), {one}, now).at(0).reason;
}

TEST(Retention, WithoutRulesEverythingStays) {
  EXPECT_THAT(going("{}", {tag("a", 1000, 1000)}), IsEmpty());
  EXPECT_EQ(reason("{}", tag("a", 1)), "no rule is about it");
}

TEST(Retention, KeepsTheNewestOfEachRepository) {
  const auto json = R"({"rules":[{"keep_newest":2}]})";
  EXPECT_THAT(going(json, {tag("old", 9), tag("new", 1), tag("newer", 0), tag("oldest", 10)}),
              ElementsAre("old", "oldest"));
  EXPECT_THAT(going(json, {tag("a", 9), tag("b", 8, {}, 0, "other"), tag("c", 7), tag("d", 6, {}, 0, "other")}),
              IsEmpty());
  EXPECT_THAT(going(json, {tag("b", 5), tag("a", 5), tag("c", 5)}), ElementsAre("c")) << "equal times go by name";
  EXPECT_THAT(going(json, {tag("a", 1)}), IsEmpty());
  EXPECT_EQ(reason(json, tag("a", 1)), "rule 1: it is among the 2 newest");
}

TEST(Retention, CountsOnlyWhatTheRuleIsAbout) {
  EXPECT_THAT(going(R"({"rules":[{"tags":"ci-*","keep_newest":1}]})", {tag("v1", 0), tag("ci-1", 2), tag("ci-2", 1)}),
              ElementsAre("ci-1"));
  EXPECT_THAT(going(R"({"rules":[{"repositories":"oth*","keep_newest":1}]})",
                    {tag("a", 2), tag("b", 1), tag("c", 2, {}, 0, "other"), tag("d", 1, {}, 0, "other")}),
              ElementsAre("c"));
}

TEST(Retention, AgeIsBeyondTheLimit) {
  const auto json = R"({"rules":[{"older_than_days":30}]})";
  EXPECT_THAT(going(json, {tag("a", 29), tag("b", 30), tag("c", 31)}), ElementsAre("c"));
  EXPECT_EQ(reason(json, tag("b", 30)), "rule 1: it was pushed 30 days ago where the limit is 30");
  EXPECT_EQ(reason(json, tag("c", 31)), "rule 1: pushed 31 days ago where the limit is 30");
}

TEST(Retention, AnUnknownPullNeverCountsAsNone) {
  const auto json = R"({"rules":[{"not_pulled_days":10}]})";
  EXPECT_THAT(going(json, {tag("a", 99), tag("b", 99, 10), tag("c", 99, 11)}), ElementsAre("c"));
  EXPECT_THAT(reason(json, tag("a", 99)), HasSubstr("never counts as not pulled"));
  EXPECT_THAT(reason(json, tag("c", 99, 11)), HasSubstr("last pulled 11 days ago"));
}

TEST(Retention, AllLimitsOfARuleMustBeExceeded) {
  const auto json = R"({"rules":[{"keep_newest":1,"older_than_days":5,"not_pulled_days":5}]})";
  EXPECT_THAT(going(json, {tag("newest", 6, 9), tag("young", 4, 9), tag("pulled", 9, 1), tag("unknown", 9),
                           tag("useless", 9, 9), tag("really-newest", 0, 9)}),
              ElementsAre("newest", "useless"));
}

TEST(Retention, KeepsAndProtects) {
  EXPECT_THAT(going(R"({"rules":[{"older_than_days":1,"keep":["v*","latest"]}]})",
                    {tag("v1", 9), tag("latest", 9), tag("ci", 9)}),
              ElementsAre("ci"));
  const auto json = R"({"rules":[{"older_than_days":1}],"protected":["v*"]})";
  EXPECT_THAT(going(json, {tag("v1", 9), tag("ci", 9)}), ElementsAre("ci"));
  EXPECT_EQ(reason(json, tag("v1", 9)), "it is protected by \"v*\"");
}

TEST(Retention, OneRuleThatDeletesIsEnough) {
  const auto json = R"({"rules":[{"keep_newest":1,"keep":["a"]},{"tags":"a","older_than_days":3}]})";
  EXPECT_THAT(going(json, {tag("a", 9), tag("b", 1)}), ElementsAre("a"));
  EXPECT_THAT(reason(json, tag("a", 9)), HasSubstr("rule 2"));
}

TEST(Retention, ATagThatSharesItsManifestWithOneThatStaysGoesAlone) {
  const auto plan = plan_retention(
      rules(R"({"rules":[{"keep_newest":1}]})"),
      {tag("a", 9, {}, '1'), tag("b", 1, {}, '1'), tag("c", 9, {}, '2'), tag("d", 0, {}, '2', "other")}, now);
  EXPECT_TRUE(plan[0].goes && plan[0].tag_only);
  EXPECT_THAT(plan[0].reason, HasSubstr("only the tag goes"));
  EXPECT_FALSE(plan[1].goes || plan[1].tag_only);
  EXPECT_TRUE(plan[2].goes);
  EXPECT_FALSE(plan[2].tag_only) << "another repository keeps nothing alive here";
}

// Every rule with every tag of a small world: what goes is beyond every limit, and neither kept nor protected.
TEST(Retention, DeletesOnlyBeyondEveryLimit) {
  std::vector<RetainedTag> tags;
  for (const int age : {0, 5, 6, 50}) {
    for (const int pulled : {-1, 0, 5, 6}) {
      tags.push_back(tag("t" + std::to_string(age) + "-" + std::to_string(pulled + 1), age,
                         pulled < 0 ? std::nullopt : std::optional(pulled)));
    }
  }
  for (const auto* newest : {"null", "1", "7", "100"}) {
    for (const auto* older : {"null", "5"}) {
      for (const auto* not_pulled : {"null", "5"}) {
        const auto json = std::string(R"({"rules":[{"keep_newest":)") + newest + R"(,"older_than_days":)" + older +
                          R"(,"not_pulled_days":)" + not_pulled + R"(,"keep":["t50-0"]}],"protected":["t6-*"]})";
        const auto parsed = parse_retention_rules(boost::json::parse(json).as_object());
        if (!parsed) continue;  // no limit at all
        const auto verdicts = plan_retention(*parsed, tags, now);
        const auto& rule = parsed->rules[0];
        for (std::size_t i = 0; i < tags.size(); ++i) {
          const auto newer = std::count_if(tags.begin(), tags.end(), [&](const RetainedTag& other) {
            return other.pushed_at > tags[i].pushed_at ||
                   (other.pushed_at == tags[i].pushed_at && other.tag < tags[i].tag);
          });
          const auto& name = tags[i].tag.str();
          const bool beyond = (!rule.keep_newest || newer >= *rule.keep_newest) &&
                              (!rule.older_than_days || now - tags[i].pushed_at > 5 * day) &&
                              (!rule.not_pulled_days || (tags[i].pulled_at && now - *tags[i].pulled_at > 5 * day));
          EXPECT_EQ(verdicts[i].goes, beyond && name != "t50-0" && !name.starts_with("t6-"))
              << json << " " << name << ": " << verdicts[i].reason;
        }
      }
    }
  }
}

TEST(RetentionRules, AreReadBackAsTheyWere) {
  const auto json = R"({"rules":[{"repositories":"a*","tags":"V?","keep_newest":3,"keep":["x"],"older_than_days":1,)"
                    R"("not_pulled_days":2}],"protected":["latest"]})";
  EXPECT_EQ(boost::json::serialize(render(rules(json))),
            R"({"rules":[{"repositories":"a*","tags":"V?","keep_newest":3,"keep":["x"],"older_than_days":1,)"
            R"("not_pulled_days":2}],"protected":["latest"]})");
  EXPECT_EQ(rules(boost::json::serialize(render(rules(json)))), rules(json));
  EXPECT_EQ(digest_of(rules(json)), digest_of(rules(json)));
  EXPECT_NE(digest_of(rules(json)), digest_of(rules("{}")));
}

TEST(RetentionRules, NameWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {R"({"rules":7})", "rules"},
      {R"({"nonsense":7})", "nonsense"},
      {R"({"rules":[7]})", "rules[0]"},
      {R"({"rules":[{}]})", "rules[0]"},
      {R"({"rules":[{"keep":["x"]}]})", "rules[0]"},
      {R"({"rules":[{"keep_newest":0}]})", "rules[0].keep_newest"},
      {R"({"rules":[{"keep_newest":1},{"older_than_days":-1}]})", "rules[1].older_than_days"},
      {R"({"rules":[{"not_pulled_days":1.5}]})", "rules[0].not_pulled_days"},
      {R"({"rules":[{"keep_newest":1,"tags":"a/b"}]})", "rules[0].tags"},
      {R"({"rules":[{"keep_newest":1,"repositories":"A"}]})", "rules[0].repositories"},
      {R"({"rules":[{"keep_newest":1,"keep":["ok",""]}]})", "rules[0].keep[1]"},
      {R"({"rules":[{"keep_newest":1,"days":1}]})", "rules[0].days"},
      {R"({"protected":"x"})", "protected"},
  };
  for (const auto& [json, field] : wrong) {
    const auto parsed = parse_retention_rules(boost::json::parse(json).as_object());
    ASSERT_FALSE(parsed) << json;
    EXPECT_EQ(parsed.error().field, field) << json;
  }
}

}  // namespace
}  // namespace spectacles::removal
