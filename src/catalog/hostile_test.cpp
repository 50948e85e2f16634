// Registries that mean harm, or are broken as if they did: bounded, reported, nothing lost, nothing given away.
#include <gtest/gtest.h>

#include "catalog/manifest.h"
#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;
using support::http_answer;
using support::ScriptedAnswer;

constexpr auto blob_of_1 = [] { return "/v2/a/blobs/" + digest_of_bytes(config_of('1')); };

class HostileTest : public testing::Test {
 protected:
  HostileTest() {
    limits_.http.total = 3s;
    limits_.http.slow = 1s;
  }

  SyncResult sync() { return world_.sync(registry_, limits_); }

  void expect_partial(const std::string& content) {
    const auto result = sync();
    EXPECT_EQ(result.outcome, SyncOutcome::partial);
    EXPECT_FALSE(result.detail.empty());
    EXPECT_EQ(world_.content(registry_), content);
  }

  // "read", "unreadable: why" of what a tag of the repository a stands for.
  std::string state_of(const std::string& tag) {
    const auto [state, problem, read_at] = world_.database.read([&](db::Session& session) {
      return session
          .find<std::string, std::optional<std::string>, std::optional<Time>>(
              "SELECT m.state, m.problem, m.read_at FROM tag t JOIN manifest m ON m.id = t.manifest_id "
              "JOIN repository r ON r.id = t.repository_id WHERE r.name = 'a' AND t.name = :tag",
              tag)
          .value();
    });
    return state + (problem ? ": " + *problem : "") + (read_at ? "" : " (asked again)");
  }

  std::int64_t manifests() {
    return world_.database.read(
        [](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM manifest"); });
  }

  World world_;
  FakeRegistry fake_{{{"a", {{"x", '1'}, {"y", '2'}}}, {"b/c", {{"x", '3'}}}}};
  registries::Registry registry_ = world_.add_registry("main", fake_.url());
  ApiLimits limits_;
};

TEST_F(HostileTest, AnswersWithoutEnd) {
  limits_.http.body_bytes = 100'000;
  fake_.override_with("/v2/a/tags/list?n=1000", {http_answer(200, "", std::string(1'000'000, ' '))});
  fake_.override_with("/v2/b/c/manifests/x", {http_answer(200, "Docker-Content-Digest: " + digest_of('3') + "\r\n",
                                                          std::string(1'000'000, ' '))});
  expect_partial("b/c");
  fake_.override_with("/v2/_catalog?n=1000", {http_answer(200, "", std::string(1'000'000, ' '))});
  EXPECT_EQ(sync().outcome, SyncOutcome::failed);
  EXPECT_EQ(world_.content(registry_), "b/c");
}

TEST_F(HostileTest, AnswersThatPromiseTenGigabytes) {
  limits_.http.body_bytes = 2'000'000;
  const auto huge =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10737418240\r\n\r\n" + std::string(3'000'000, ' ');
  const auto headers = "HTTP/1.1 200 OK\r\nX-Long: " + std::string(1'000'000, 'x') + "\r\n\r\n";
  const auto chunks = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" +
                      fmt::format("{:x}\r\n", 3'000'000) + std::string(3'000'000, ' ');
  for (const auto& answer : {huge, headers, chunks}) {
    fake_.override_with(blob_of_1(), {answer});
    fake_.override_with("/v2/a/manifests/y", {answer});
    expect_partial("a:x=1 b/c:x=3");
    EXPECT_EQ(state_of("x"), "read");
    fake_.override_with("/v2/a/tags/list?n=1000", {answer});
    expect_partial("a:x=1 b/c:x=3");
    fake_.restore();
  }
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
}

TEST_F(HostileTest, TagsWithoutEnd) {
  ASSERT_EQ(sync().outcome, SyncOutcome::complete);
  limits_.pages = 10;
  support::ScriptedServer endless([count = std::make_shared<std::atomic<int>>(0)](const auto& request) {
    if (request.target.starts_with("/v2/_catalog"))
      return ScriptedAnswer{http_answer(200, "", R"({"repositories":["e"]})")};
    if (request.target.find("/manifests/") != std::string::npos) return ScriptedAnswer{http_answer(404, "", "")};
    const auto n = std::to_string(++*count);
    return ScriptedAnswer{
        http_answer(200, "Link: </v2/e/tags/list?last=" + n + ">; rel=\"next\"\r\n", "{\"tags\":[\"t" + n + "\"]}")};
  });
  const auto registry = world_.add_registry("endless", endless.url());
  EXPECT_EQ(world_.sync(registry, limits_).outcome, SyncOutcome::partial);
  EXPECT_EQ(endless.requests().size(), 1U + 10U + 10U);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
}

// However little each answer asks for, a pass ends.
TEST_F(HostileTest, PassesThatTakeTooLong) {
  ASSERT_EQ(sync().outcome, SyncOutcome::complete);
  fake_.set({{"a", {{"y", '4'}}}});
  limits_.pass_time = 0s;
  for (int i = 0; i < 3; ++i) expect_partial("a:x=1 a:y=2 b/c:x=3");
}

TEST_F(HostileTest, TextsThatAreNone) {
  ASSERT_EQ(sync().outcome, SyncOutcome::complete);
  fake_.override_with("/v2/_catalog?n=1000", {http_answer(200, "", "{\"repositories\":[\"a\",\"b/c\",\"\xff\xfe\"]}")});
  EXPECT_NE(sync().outcome, SyncOutcome::complete);
  fake_.restore();
  fake_.override_with("/v2/a/tags/list?n=1000", {http_answer(200, "", "{\"tags\":[\"x\",\"\xc3\x28\"]}")});
  expect_partial("a:x=1 a:y=2 b/c:x=3");
}

TEST_F(HostileTest, ConfigurationsThatAreNone) {
  for (const auto& config :
       {std::string("{"), std::string("[]"), std::string("{\"os\":\"\xff\"}"), std::string(9'000, '[')}) {
    fake_.add(config);
    fake_.tag("a", "x", image_type, fmt::format(R"({{"config":{},"layers":[]}})", descriptor_of(config_type, config)));
    EXPECT_EQ(sync().outcome, SyncOutcome::complete) << "it is what its digest says, and will not change";
    EXPECT_EQ(state_of("x"), "read: its configuration is not the JSON of one");
  }
}

TEST_F(HostileTest, ListsThatGrowWithoutEnd) {
  limits_.list_bytes = 10'000;
  support::ScriptedServer endless([count = std::make_shared<std::atomic<int>>(0)](const auto& request) {
    const auto n = std::to_string(++*count);
    const bool catalog = request.target.starts_with("/v2/_catalog");
    return ScriptedAnswer{catalog ? http_answer(200, "Link: </v2/_catalog?last=" + n + ">; rel=\"next\"\r\n",
                                                "{\"repositories\":[\"r" + n + "\"]" + std::string(1000, ' ') + "}")
                                  : http_answer(200, "", R"({"tags":null})")};
  });
  const auto registry = world_.add_registry("endless", endless.url());
  EXPECT_EQ(world_.sync(registry, limits_).outcome, SyncOutcome::partial);
  EXPECT_LT(endless.requests().size(), 30U);
}

TEST_F(HostileTest, ARepositoryThatHangsKeepsNoOtherWaiting) {
  fake_.override_with("/v2/a/tags/list?n=1000", {http_answer(200, "", R"({"tags":["x"]})"), 50ms});
  expect_partial("b/c:x=3");
  fake_.restore();
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
}

TEST_F(HostileTest, BytesOfAnotherDigest) {
  fake_.override_with("/v2/a/manifests/x", {http_answer(200,
                                                        "Content-Type: " + std::string(image_type) +
                                                            "\r\nDocker-Content-Digest: " + digest_of('1') + "\r\n",
                                                        manifest_of('2'))});
  for (int i = 0; i < 2; ++i) {
    expect_partial("a:x=1 a:y=2 b/c:x=3");
    EXPECT_EQ(state_of("x"), "unreadable: its bytes are not those of its digest (asked again)");
  }
  fake_.restore();
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(state_of("x"), "read");
}

TEST_F(HostileTest, ConfigurationOfAnotherDigest) {
  fake_.override_with(blob_of_1(), {http_answer(200, "", config_of('2'))});
  expect_partial("a:x=1 a:y=2 b/c:x=3");
  EXPECT_EQ(state_of("x"), "read: the bytes of its configuration are not those of their digest");
  world_.clock.advance(1min);
  fake_.override_with(blob_of_1(), {http_answer(404, "", "")});
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(state_of("x"), "read: the registry does not have its configuration");
  world_.clock.advance(2min);
  fake_.restore();
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(state_of("x"), "read");
}

TEST_F(HostileTest, ManifestsThatAreNone) {
  for (const auto& bytes :
       {std::string("\xff\xfe{}"), std::string("{\"config\":\"\xc3\x28\"}"), std::string(50'000, '['),
        std::string("{\"config\":{\"digest\":\"sha256:0\"}}"), std::string("\0\0\0", 3)}) {
    fake_.tag("a", "x", image_type, bytes);
    EXPECT_EQ(sync().outcome, SyncOutcome::complete) << "it is what its digest says, and will not change";
    EXPECT_TRUE(state_of("x").starts_with("unreadable: ")) << state_of("x");
  }
  fake_.tag("a", "x", "application/vnd.evil+json", manifest_of('1') + " ");
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(state_of("x"), "unreadable: manifests of this type are not known");
}

TEST_F(HostileTest, IndexesThatAreDeepWideOrRound) {
  auto bytes = manifest_of('4');
  for (int depth = 0; depth < 6; ++depth) {
    fake_.add(bytes, depth == 0 ? image_type : index_type);
    bytes = fmt::format(R"({{"manifests":[{}]}})", descriptor_of(index_type, bytes));
  }
  fake_.tag("a", "x", index_type, bytes);
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(manifests(), 2 + bounds::depth_of_indexes + 1) << "what lies deeper is known by its digest alone";

  std::string wide;
  for (std::size_t i = 0; i <= bounds::children; ++i) {
    wide += (i == 0 ? "" : ",") + descriptor_of(image_type, std::to_string(i));
  }
  fake_.tag("a", "x", index_type, "{\"manifests\":[" + wide + "]}");
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(state_of("x"), "unreadable: it has more than 200 manifests");

  // No bytes can hold their own digest: what answers so is caught by the digest.
  const auto round =
      fmt::format(R"({{"manifests":[{{"mediaType":"{}","digest":"{}","size":1}}]}})", index_type, digest_of('5'));
  fake_.tag("a", "x", index_type, round);
  fake_.override_with("/v2/a/manifests/" + digest_of('5'),
                      {http_answer(200, "Content-Type: " + std::string(index_type) + "\r\n", round)});
  expect_partial("a:x=? a:y=2 b/c:x=3");
}

TEST_F(HostileTest, IndexesThatLeadToTooMuch) {
  std::string outer;
  for (int i = 0; i < 3; ++i) {
    std::string inner;
    for (int j = 0; j < 190; ++j) {
      inner += (j == 0 ? "" : ",") + descriptor_of(image_type, fmt::format("{} {}", i, j));
    }
    const auto bytes = "{\"manifests\":[" + inner + "]}";
    fake_.add(bytes, index_type);
    outer += (i == 0 ? "" : ",") + descriptor_of(index_type, bytes);
  }
  fake_.tag("a", "x", index_type, "{\"manifests\":[" + outer + "]}");
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_LT(fake_.requests().size(), 450U);
}

// What is asked for once more by a pass: the catalog, the tags of two repositories, three tags.
constexpr std::size_t requests_of_a_pass = 1 + 2 + 3;

TEST_F(HostileTest, WhatIsNotThereIsAskedForMoreAndMoreSeldom) {
  const auto child = manifest_of('7');
  const auto target = "/v2/a/manifests/" + digest_of_bytes(child);
  fake_.tag("a", "x", index_type, fmt::format(R"({{"manifests":[{}]}})", descriptor_of(image_type, child)));
  fake_.override_with(target, {http_answer(404, "", "")});
  std::vector<int> asked_after;  // minutes
  int minutes = 0;
  bool is_there = false;  // then its configuration is asked for, too
  const auto pass_after = [&](int more) {
    world_.clock.advance(std::chrono::minutes(more));
    minutes += more;
    const auto before = fake_.requests().size();
    EXPECT_EQ(sync().outcome, SyncOutcome::complete);
    EXPECT_EQ(state_of("x"), "read");
    const auto requests = fake_.requests();
    const bool is_asked = std::any_of(requests.begin() + static_cast<std::ptrdiff_t>(before), requests.end(),
                                      [&](const auto& request) { return request.target == target; });
    if (is_asked) asked_after.push_back(minutes);
    if (minutes > 0) {
      EXPECT_EQ(requests.size() - before, requests_of_a_pass + (!is_asked ? 0 : is_there ? 2 : 1));
    }
  };
  pass_after(0);
  for (int i = 0; i < 16; ++i) pass_after(1);
  EXPECT_EQ(asked_after, (std::vector<int>{0, 1, 3, 7, 15}));
  fake_.restore();
  is_there = true;
  pass_after(20);
  EXPECT_EQ(manifests(), 4);
  EXPECT_EQ(world_.database.read([](db::Session& session) {
    return session.single<std::int64_t>("SELECT count(*) FROM manifest WHERE state <> 'read' OR config IS NULL");
  }),
            1)
      << "all but the index have a configuration";
}

TEST_F(HostileTest, OfAnIndexOnlyThePartThatDidNotComeIsAskedForAgain) {
  const auto child = [](char letter) { return descriptor_of(image_type, manifest_of(letter)); };
  const auto index = fmt::format(R"({{"manifests":[{},{}]}})", child('7'), child('8'));
  fake_.tag("a", "x", index_type, index);
  fake_.override_with("/v2/a/manifests/" + digest_of('7'), {http_answer(500, "", "")});
  expect_partial("a:x=? a:y=2 b/c:x=3");
  EXPECT_EQ(state_of("x"), "read");
  auto before = fake_.requests().size();
  expect_partial("a:x=? a:y=2 b/c:x=3");
  EXPECT_EQ(fake_.requests().size() - before, requests_of_a_pass + 1);
  fake_.restore();
  before = fake_.requests().size();
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(fake_.requests().size() - before, requests_of_a_pass + 2) << "with its configuration";
  const auto parts = static_cast<std::int64_t>(manifest_of('7').size() + config_of('7').size() + 100);
  EXPECT_EQ(world_.database.read([](db::Session& session) {
    return session.single<std::int64_t>(
        "SELECT t.size FROM tag t JOIN repository r ON r.id = t.repository_id "
        "WHERE r.name = 'a' AND t.name = 'x'");
  }),
            static_cast<std::int64_t>(index.size()) + 2 * parts + 13);
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(fake_.requests().size() - before, 2 * requests_of_a_pass + 2);
}

TEST_F(HostileTest, NamesThatAreNone) {
  fake_.override_with(
      "/v2/_catalog?n=1000",
      {http_answer(200, "", R"({"repositories":["a","b/c","x\u0000y","l\nog","\u202eevil","../etc"]})")});
  fake_.override_with("/v2/a/tags/list?n=1000", {http_answer(200, "", R"({"tags":["x","y","\u001b[2J","a/b"]})")});
  expect_partial("a:x=1 a:y=2 b/c:x=3");
  for (const auto& request : fake_.requests()) EXPECT_EQ(request.target.find("evil"), std::string::npos);
}

// Where blobs lie, and who listens there.
class RedirectedTest : public HostileTest {
 protected:
  void redirect_blobs(const std::string& location) {
    for (const char letter : {'1', '2', '3'}) {
      const auto repository = letter == '3' ? "b/c" : "a";
      fake_.override_with(
          fmt::format("/v2/{}/blobs/{}", repository, digest_of_bytes(config_of(letter))),
          {http_answer(307, "Location: " + location + (location.empty() ? "" : std::string(1, letter)) + "\r\n", "")});
    }
  }

  support::ScriptedServer storage_{[](const auto& request) {
    const bool is_there = request.target.starts_with("/bucket/");
    return ScriptedAnswer{is_there ? http_answer(200, "", config_of(request.target.back()))
                                   : http_answer(307, "Location: /bucket/1\r\n", "")};
  }};
};

TEST_F(RedirectedTest, BlobsAreReadWhereTheyLieWithoutTheToken) {
  redirect_blobs(storage_.url() + "/bucket/");
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(state_of("x"), "read");
  ASSERT_EQ(storage_.requests().size(), 3U);
  for (const auto& request : storage_.requests()) EXPECT_EQ(request.head.find("Authorization"), std::string::npos);
}

TEST_F(RedirectedTest, OneHopAndNoFurther) {
  redirect_blobs(storage_.url() + "/elsewhere/");
  expect_partial("a:x=1 a:y=2 b/c:x=3");
  EXPECT_EQ(storage_.requests().size(), 3U);
}

TEST_F(RedirectedTest, NotWhereSecretsOfThisMachineAreServed) {
  for (const auto* location :
       {"http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "file:///etc/passwd", "http://0.0.0.0/", ""}) {
    redirect_blobs(location);
    expect_partial("a:x=1 a:y=2 b/c:x=3");
  }
}

TEST_F(RedirectedTest, NothingElseIsFollowed) {
  for (const auto& answer :
       {http_answer(307, "Location: " + storage_.url() + "/bucket/1\r\n", ""),
        http_answer(401, "WWW-Authenticate: Bearer realm=\"" + storage_.url() + "/token\",service=\"main\"\r\n", "")}) {
    fake_.override_with("/v2/a/manifests/x", {answer});
    fake_.override_with("/v2/b/c/tags/list?n=1000", {answer});
    EXPECT_EQ(sync().outcome, SyncOutcome::partial);
    fake_.override_with("/v2/_catalog?n=1000", {answer});
    EXPECT_EQ(sync().outcome, SyncOutcome::failed);
    fake_.restore();
  }
  EXPECT_TRUE(storage_.requests().empty());
}

// distribution 3: pages of tags that end on an empty one, and no tags at all as null.
TEST_F(HostileTest, PagesOfTags) {
  fake_.override_with(
      "/v2/a/tags/list?n=1000",
      {http_answer(200, "Link: </v2/a/tags/list?last=x&n=1000>; rel=\"next\"\r\n", R"({"tags":["x"]})")});
  fake_.override_with(
      "/v2/a/tags/list?last=x&n=1000",
      {http_answer(200, "Link: </v2/a/tags/list?last=y&n=1000>; rel=\"next\"\r\n", R"({"tags":["y"]})")});
  fake_.override_with("/v2/a/tags/list?last=y&n=1000", {http_answer(200, "", R"({"tags":[]})")});
  fake_.override_with("/v2/b/c/tags/list?n=1000", {http_answer(200, "", R"({"name":"b/c","tags":null})")});
  EXPECT_EQ(sync().outcome, SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c");
}

}  // namespace
}  // namespace spectacles::catalog
