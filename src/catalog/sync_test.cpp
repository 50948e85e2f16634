#include "catalog/sync.h"

#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;
using support::http_answer;

class SyncTest : public testing::Test {
 protected:
  // A registry that was read once and then behaves otherwise; whatever it does, nothing may be lost.
  void expect_nothing_lost(SyncOutcome outcome, const ApiLimits& limits = {}) {
    const auto result = world_.sync(registry_, limits);
    EXPECT_EQ(result.outcome, outcome) << result.detail;
    EXPECT_FALSE(result.detail.empty());
    EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
  }

  void SetUp() override {
    ASSERT_EQ(world_.sync(registry_).outcome, SyncOutcome::complete);
    ASSERT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
  }

  World world_;
  FakeRegistry fake_{{{"a", {{"x", '1'}, {"y", '2'}}}, {"b/c", {{"x", '3'}}}}};
  registries::Registry registry_ = world_.add_registry("main", fake_.url());
};

constexpr auto catalog_target = "/v2/_catalog?n=1000";
constexpr auto tags_target = "/v2/a/tags/list?n=1000";

TEST_F(SyncTest, SendsTheRightTokenAndAcceptsAllManifests) {
  bool saw_manifest = false;
  for (const auto& request : fake_.requests()) {
    const std::string token = request.target == catalog_target ? "main/catalog" : "main/a,b/c";
    EXPECT_NE(request.head.find("Bearer " + token + "\r\n"), std::string::npos) << request.head;
    EXPECT_NE(request.head.find("User-Agent: spectacles/"), std::string::npos) << request.head;
    if (request.target.find("/manifests/") == std::string::npos) continue;
    saw_manifest = true;
    for (const auto* type :
         {"oci.image.manifest.v1", "oci.image.index.v1", "distribution.manifest.v2", "distribution.manifest.list.v2"}) {
      EXPECT_NE(request.head.find(type), std::string::npos) << type;
    }
  }
  EXPECT_TRUE(saw_manifest);
}

TEST_F(SyncTest, APassWithoutChangesAsksLittleAndWritesNothing) {
  const auto before = fake_.requests().size();
  const auto held = world_.claim(registry_).value();
  const auto state = world_.database.read([&](db::Session& s) { return load_sync_state(s, registry_.id, {}); });
  EXPECT_EQ(world_.sync_under(held, registry_).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.database.read([&](db::Session& s) { return load_sync_state(s, registry_.id, {}); }), state);
  const auto requests = fake_.requests();
  ASSERT_EQ(requests.size() - before, 1U + 2U + 3U) << "catalog, tags of two repositories, three tags";
  for (auto at = before; at < requests.size(); ++at) {
    const bool is_of_tag = requests[at].target.find("/manifests/") != std::string::npos;
    EXPECT_EQ(requests[at].method, is_of_tag ? "HEAD" : "GET");
    EXPECT_EQ(requests[at].head.find("If-None-Match: \"sha256:") != std::string::npos, is_of_tag);
  }
}

TEST_F(SyncTest, SaysHowFarItIs) {
  fake_.set({{"a", {{"x", '1'}, {"y", '2'}, {"z", '4'}}}, {"b/c", {{"x", '3'}}}});
  std::vector<SyncProgress> seen;
  world_.sync(registry_, {}, [&](const SyncProgress& progress) {
    if (seen.empty() || seen.back() != progress) seen.push_back(progress);
  });
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.front().phase, "catalog");
  EXPECT_EQ(seen.back(), (SyncProgress{"details", 2, 2, 4, 1, 1, 1}));
}

// Parts of a repository are written before all of it is read.
TEST_F(SyncTest, RepositoriesOfManyTags) {
  FakeRegistry::Content many{{"a", {}}, {"b/c", {{"x", '3'}}}};
  for (int i = 0; i < 100; ++i) many["a"][fmt::format("t{}", i)] = all_letters[static_cast<std::size_t>(i % 7)];
  fake_.set(many);
  ApiLimits limits;
  limits.tags_in_memory = 16;
  ASSERT_EQ(world_.sync(registry_, limits).outcome, SyncOutcome::complete);
  ASSERT_EQ(world_.sync(registry_, limits).outcome, SyncOutcome::complete);
  world_.database.read([](db::Session& session) {
    const auto [tags, size] =
        session.find<std::int64_t, std::int64_t>("SELECT tag_count, size FROM repository WHERE name = 'a'").value();
    EXPECT_EQ(tags, 100) << "x and y are gone";
    EXPECT_EQ(size, 7 * static_cast<std::int64_t>(manifest_of('0').size() + config_of('0').size() + 100) + 13);
    EXPECT_EQ(session.single<std::int64_t>("SELECT count(*) FROM tag WHERE size = 0"), 0);
  });
}

TEST_F(SyncTest, ReadsAllPages) {
  fake_.set({{"a", {{"x", '1'}, {"y", '2'}}}, {"b", {}}, {"b/c", {{"x", '3'}}}, {"c", {}}});
  fake_.override_with(catalog_target, {http_answer(200, "Link: </v2/_catalog?last=a&n=1000>; rel=\"next\"\r\n",
                                                   R"({"repositories":["a"]})")});
  fake_.override_with("/v2/_catalog?last=a&n=1000", {http_answer(200, "Link: </v2/_catalog?last=c>; rel=\"next\"\r\n",
                                                                 R"({"repositories":["b","c","b/c"]})")});
  fake_.override_with("/v2/_catalog?last=c", {http_answer(200, "", R"({"repositories":[]})")});
  EXPECT_EQ(world_.sync(registry_).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b b/c:x=3 c");
}

TEST_F(SyncTest, CatalogThatCannotBeRead) {
  for (const auto& answer : {http_answer(500, "", ""), http_answer(401, "", ""), http_answer(404, "", ""),
                             http_answer(302, "Location: /v2/\r\n", ""), http_answer(200, "", "{\"repositories\":["),
                             http_answer(200, "", "[]"), http_answer(200, "", R"({"repositories":{}})"),
                             http_answer(200, "", R"({"repositories":"a"})"), http_answer(200, "", "{}"),
                             http_answer(200, "", std::string(100, '[')), std::string("nonsense\r\n\r\n")}) {
    fake_.override_with(catalog_target, {answer});
    SCOPED_TRACE(answer);
    expect_nothing_lost(SyncOutcome::failed);
  }
}

TEST_F(SyncTest, CatalogThatIsNotComplete) {
  const auto page = [](const std::string& link, const std::string& names) {
    return support::ScriptedAnswer{http_answer(200, link.empty() ? "" : "Link: <" + link + ">; rel=\"next\"\r\n",
                                               "{\"repositories\":" + names + "}")};
  };
  for (const auto& [link, names] : std::vector<std::pair<std::string, std::string>>{
           {"http://evil.example.org/v2/_catalog?n=1", R"(["a"])"},
           {"/v2/_catalog?n=1000", R"(["a"])"},
           {"/v2/secret", R"(["a"])"},
           {"", R"(["a","UPPER"])"},
           {"", R"(["a",7])"},
           {"", R"(["a","../../etc"])"},
       }) {
    SCOPED_TRACE(link + names);
    fake_.override_with(catalog_target, page(link, names));
    expect_nothing_lost(SyncOutcome::partial);
  }
  fake_.override_with(catalog_target, page("/v2/_catalog?last=a", R"(["a"])"));
  fake_.override_with("/v2/_catalog?last=a", {http_answer(503, "", "")});
  expect_nothing_lost(SyncOutcome::partial);
  fake_.override_with("/v2/_catalog?last=a", page("/v2/_catalog?last=b", R"(["a"])"));
  expect_nothing_lost(SyncOutcome::partial);
}

TEST_F(SyncTest, PagesWithoutEnd) {
  support::ScriptedServer endless([count = std::make_shared<std::atomic<int>>(0)](const auto& request) {
    const auto n = std::to_string(++*count);
    const bool catalog = request.target.starts_with("/v2/_catalog");
    return support::ScriptedAnswer{catalog ? http_answer(200, "Link: </v2/_catalog?last=" + n + ">; rel=\"next\"\r\n",
                                                         "{\"repositories\":[\"r" + n + "\"]}")
                                           : http_answer(404, "", R"({"errors":[{"code":"NAME_UNKNOWN"}]})")};
  });
  const auto registry = world_.add_registry("endless", endless.url());
  ApiLimits limits;
  limits.pages = 20;
  const auto result = world_.sync(registry, limits);
  EXPECT_EQ(result.outcome, SyncOutcome::partial);
  EXPECT_EQ(endless.requests().size(), 20U + 20U);
}

TEST_F(SyncTest, TagsThatCannotBeRead) {
  for (const auto& answer :
       {http_answer(500, "", ""), http_answer(404, "", ""), http_answer(404, "", "{\"errors\":[]}"),
        http_answer(403, "", ""), http_answer(200, "", "{"), http_answer(200, "", "{\"tags\":7}"),
        http_answer(200, "", R"({"tags":["x","not a tag"]})")}) {
    SCOPED_TRACE(answer);
    fake_.override_with(tags_target, {answer});
    expect_nothing_lost(SyncOutcome::partial);
  }
}

TEST_F(SyncTest, UnknownRepositoryHasNoTags) {
  fake_.override_with(tags_target, {http_answer(404, "", R"({"errors":[{"code":"NAME_UNKNOWN"}]})")});
  EXPECT_EQ(world_.sync(registry_).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x!=1 a:y!=2 b/c:x=3");
}

TEST_F(SyncTest, ManifestThatCannotBeRead) {
  for (const auto& answer : {http_answer(404, "", ""), http_answer(500, "", ""), http_answer(200, "", ""),
                             http_answer(200, "Docker-Content-Digest: sha256:zz\r\n", "")}) {
    SCOPED_TRACE(answer);
    fake_.override_with("/v2/a/manifests/x", {answer});
    expect_nothing_lost(SyncOutcome::partial);
  }
}

TEST_F(SyncTest, SlowRegistryIsGivenUp) {
  fake_.override_with(catalog_target, {http_answer(200, "", R"({"repositories":[]})"), 200ms});
  ApiLimits limits;
  limits.http.slow = 1s;
  const auto begin = std::chrono::steady_clock::now();
  expect_nothing_lost(SyncOutcome::failed, limits);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 6s);
}

TEST_F(SyncTest, TwoRegistriesWithEqualNamesDoNotTouchEachOther) {
  FakeRegistry second({{"a", {{"x", '9'}}}});
  const auto other = world_.add_registry("other", second.url());
  EXPECT_EQ(world_.sync(other).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
  EXPECT_EQ(world_.content(other), "a:x=9");
  second.set({});
  EXPECT_EQ(world_.sync(other).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.sync(other).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(other), "");
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
}

TEST_F(SyncTest, WritesNothingOnceTheClaimIsLost) {
  fake_.set({});
  const auto held = world_.claim(registry_);
  world_.clock.advance(World::claim_lasts + 1ms);
  ASSERT_TRUE(world_.claim(registry_, "somebody else"));
  EXPECT_THROW(world_.sync_under(held.value(), registry_), ClaimLost);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
}

TEST_F(SyncTest, ManyChangesDoNotBuryTheRecord) {
  FakeRegistry::Content many;
  for (int i = 0; i < 120; ++i) many["a"]["t" + std::to_string(i)] = '1';
  many["a"]["x"] = '1';
  many["a"]["y"] = '2';
  many["b/c"]["x"] = '3';
  fake_.set(many);
  EXPECT_EQ(world_.sync(registry_).outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.events().size(), 3U + 100U + 1U);
  EXPECT_EQ(world_.events().back(), "catalog.changed main");
}

}  // namespace
}  // namespace spectacles::catalog
