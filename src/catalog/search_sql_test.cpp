#include "catalog/search_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "access/world_test.h"
#include "support/catalog_rows.h"

namespace spectacles::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

class Search : public db::OnEveryEngine {
 protected:
  Search() {
    auto ns = access::sample_namespace("team", alice_);
    ns.registry = main_;
    ns.claims = {access::claim_of(bob_, "*worker*", access::Level::read)};
    rows_.add_namespace(ns);
    for (const auto* name : {"team/api", "team/api-worker", "team/worker", "deep/team/api"}) {
      const auto id = rows_.add_repository(main_, {.name = name});
      rows_.add_tags(id, {"v1", "v1.1", "v2", "V1", "latest", "api"});
    }
    const auto far = rows_.add_repository(other_, {.name = "team/api"});
    rows_.add_tags(far, {"v1"});
  }

  Visible admin() const {
    return rows_.store.visible_to(rows_.principal(AccountId(99), "root", accounts::Role::admin));
  }
  Visible bob() const { return rows_.store.visible_to(rows_.principal(bob_, "bob")); }

  // All hits, in pages of `limit`.
  Texts find(const std::string& text, const Visible& visible, std::size_t limit = 100) const {
    const auto words = parse_search(text);
    if (!words) return {words.error().text};
    Texts texts;
    PageRequest page{.limit = limit};
    while (true) {
      auto hits = rows_.store.search(visible, *words, page);
      const bool is_last = hits.size() <= limit;
      if (!is_last) hits.pop_back();
      for (const auto& hit : hits) {
        texts.push_back((hit.registry == main_ ? "" : "other/") + hit.name.str() +
                        (hit.tag ? ":" + hit.tag->str() : ""));
      }
      if (is_last) return texts;
      page.after = key_of(hits.back());
    }
  }
  Texts find(const std::string& text) const { return find(text, admin()); }

  mutable CatalogRows rows_{options()};
  AccountId alice_ = rows_.add_account("alice");
  AccountId bob_ = rows_.add_account("bob");
  RegistryId main_ = rows_.add_registry("main", "registry.example.org:5000");
  RegistryId other_ = rows_.add_registry("other", "other.example.org");
};

TEST_P(Search, FindsRepositoriesByPartsOfTheirNamesAndTagsByTheirBeginnings) {
  EXPECT_THAT(find("api wor"), ElementsAre("team/api-worker"));
  EXPECT_THAT(find("worker v1"),
              ElementsAre("team/api-worker:v1", "team/api-worker:v1.1", "team/worker:v1", "team/worker:v1.1"));
  EXPECT_THAT(find("api-w"), ElementsAre("team/api-worker"));
  EXPECT_THAT(find("api-w ap"), ElementsAre("team/api-worker", "team/api-worker:api")) << "both, repositories first";
  EXPECT_THAT(find("V1"), ElementsAre("deep/team/api:V1", "team/api:V1", "team/api-worker:V1", "team/worker:V1"));
  EXPECT_THAT(find("nothing"), IsEmpty());
  EXPECT_THAT(find("% _"), IsEmpty());
}

TEST_P(Search, FindsTagsOfARepository) {
  EXPECT_THAT(find("deep/team/api:v1"), ElementsAre("deep/team/api:v1", "deep/team/api:v1.1"));
  EXPECT_THAT(find("deep:"), ElementsAre("deep/team/api:V1", "deep/team/api:api", "deep/team/api:latest",
                                         "deep/team/api:v1", "deep/team/api:v1.1", "deep/team/api:v2"));
  EXPECT_THAT(find("other.example.org/team/api:v1"), ElementsAre("other/team/api:v1"));
  EXPECT_THAT(find("registry.example.org:5000/team/worker:v2"), ElementsAre("team/worker:v2"));
  EXPECT_THAT(find("registry.example.org:5000/worker"), ElementsAre("team/api-worker", "team/worker"));
  EXPECT_THAT(find("api:v1 deep"), ElementsAre("deep/team/api:v1", "deep/team/api:v1.1"));
}

TEST_P(Search, RefusesWhatItCannotLookFor) {
  for (const auto& text : {std::string(), std::string("  "), std::string("a:1 b:2"), std::string(257, 'x'),
                           std::string("1 2 3 4 5 6 7 8 9")}) {
    const auto words = parse_search(text);
    ASSERT_FALSE(words) << text;
    EXPECT_EQ(words.error().field, "q");
  }
}

TEST_P(Search, ShowsWhatTheReaderMaySee) {
  EXPECT_THAT(find("team", bob()), ElementsAre("team/api-worker", "team/worker"));
  EXPECT_THAT(find("v2", bob()), ElementsAre("team/api-worker:v2", "team/worker:v2"));
  EXPECT_THAT(find("v2", rows_.store.visible_to(accounts::Principal::anonymous())), IsEmpty());
}

// More tags than are looked through one by one.
TEST_P(Search, ManyTagsAreFoundInTheSameOrderAsFew) {
  Texts wanted;
  for (int repository = 0; repository < 6; ++repository) {
    const auto name = (repository % 2 ? "team/many-worker-" : "team/many-") + std::to_string(repository);
    const auto id = rows_.add_repository(main_, {.name = name, .natural_name = repository < 4 ? "same" : name});
    Texts tags;
    for (int tag = 0; tag < 400; ++tag) tags.push_back(fmt::format("build-{:03}", tag));
    rows_.add_tags(id, tags);
    for (const auto& tag : tags) wanted.push_back(name + ":" + tag);
  }
  // By natural name, then age: "same" is that of the first four.
  std::stable_sort(wanted.begin(), wanted.end(), [](const std::string& left, const std::string& right) {
    const auto natural = [](const std::string& text) {
      const auto name = text.substr(0, text.find(':'));
      return name.back() < '4' ? std::string("same") : name;
    };
    return natural(left) < natural(right);
  });
  EXPECT_EQ(find("build", admin(), 700), wanted);
  EXPECT_EQ(find("many build-1", admin(), 37).size(), 600U);
  std::erase_if(wanted, [](const std::string& text) { return text.find("worker") == std::string::npos; });
  EXPECT_EQ(find("build", bob(), 500), wanted);
  EXPECT_EQ(find("worker:build", admin(), 333), wanted);
}

INSTANTIATE_TEST_SUITE_P(Engines, Search, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
