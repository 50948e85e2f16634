#include "catalog/notification.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace spectacles::catalog {
namespace {

const Time received = parse_rfc3339("2026-03-01T12:00:00Z").value();
const std::string digest = "sha256:" + std::string(64, 'a');

// As distribution sends it; `change` makes it another.
boost::json::object event(const std::string& action) {
  return {{"id", "320678d8-ca14-430f-8bb6-4ca139cd83f7"},
          {"timestamp", "2026-03-01T12:59:59.123456789+01:00"},
          {"action", action},
          {"target",
           {{"mediaType", "application/vnd.docker.distribution.manifest.v2+json"},
            {"size", 528},
            {"digest", digest},
            {"length", 528},
            {"repository", "team/app"},
            {"url", "http://localhost:5000/v2/team/app/manifests/" + digest},
            {"tag", "latest"}}},
          {"request",
           {{"id", "6df24a34"},
            {"addr", "192.0.2.7:41234"},
            {"host", "localhost:5000"},
            {"method", action == "pull" ? "GET" : "PUT"},
            {"useragent", "docker/28"}}},
          {"actor", {{"name", "alice"}}},
          {"source", {{"addr", "registry:5000"}}}};
}

Result<std::vector<Notification>> parse(const boost::json::value& one) {
  return parse_notifications(boost::json::serialize(boost::json::object{{"events", boost::json::array{one}}}),
                             received);
}

bool matters(const boost::json::value& one) {
  return !parse(one).value().empty();
}

TEST(Notification, OfAPush) {
  const auto parsed = parse(event("push")).value();
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed.front(), (Notification{.event_id = "320678d8-ca14-430f-8bb6-4ca139cd83f7",
                                          .action = NotificationAction::push,
                                          .at = parse_rfc3339("2026-03-01T11:59:59.123Z").value(),
                                          .repository = RepositoryPath::parse("team/app").value(),
                                          .tag = TagName::parse("latest").value(),
                                          .digest = Digest::parse(digest).value(),
                                          .media_type = "application/vnd.docker.distribution.manifest.v2+json",
                                          .actor = "alice",
                                          .address = "192.0.2.7"}));
}

TEST(Notification, DeletionsNameADigestOrATag) {
  auto by_digest = event("delete");
  by_digest["target"] = boost::json::object{{"digest", digest}, {"repository", "team/app"}};
  EXPECT_TRUE(matters(by_digest));
  auto by_tag = event("delete");
  by_tag["target"] = boost::json::object{{"tag", "latest"}, {"repository", "team/app"}};
  EXPECT_TRUE(matters(by_tag));
  auto by_nothing = event("delete");
  by_nothing["target"] = boost::json::object{{"repository", "team/app"}};
  EXPECT_FALSE(matters(by_nothing));
}

TEST(Notification, OnlyManifestsThatWereGotCountAsPulled) {
  EXPECT_TRUE(matters(event("pull")));
  auto head = event("pull");
  head["request"].as_object()["method"] = "HEAD";
  EXPECT_FALSE(matters(head));
  for (const auto* action : {"push", "pull"}) {
    auto layer = event(action);
    layer["target"].as_object()["mediaType"] = "application/octet-stream";
    EXPECT_FALSE(matters(layer)) << action;
  }
  EXPECT_FALSE(matters(event("mount")));
}

TEST(Notification, OwnWorkIsLeftOutAndNobodyElsesIs) {
  auto one = event("pull");
  one["request"].as_object()["useragent"] = "spectacles/1.0";
  EXPECT_TRUE(matters(one)) << "who only calls himself so";
  one["actor"].as_object()["name"] = "(background)";
  EXPECT_FALSE(matters(one));
  one["request"].as_object()["useragent"] = "docker/28";
  EXPECT_TRUE(matters(one));
}

TEST(Notification, WhatIsNoEventIsLeftOut) {
  const auto with = [](std::string_view member, const boost::json::value& value) {
    auto changed = event("push");
    changed[member] = value;
    return changed;
  };
  const auto with_target = [](std::string_view member, const boost::json::value& value) {
    auto changed = event("push");
    changed["target"].as_object()[member] = value;
    return changed;
  };
  const boost::json::array wrong{nullptr,
                                 7,
                                 "event",
                                 boost::json::array{},
                                 boost::json::object{},
                                 with("id", ""),
                                 with("id", 3),
                                 with("id", boost::json::string(129, 'x')),
                                 with("id", "a b"),
                                 with("action", "explode"),
                                 with("target", nullptr),
                                 with_target("repository", "../etc"),
                                 with_target("repository", "Team/App"),
                                 with_target("digest", "sha256:12"),
                                 with_target("digest", nullptr)};
  for (const auto& one : wrong) EXPECT_FALSE(matters(one)) << boost::json::serialize(one);
}

TEST(Notification, WhatMayBeMissingIs) {
  auto one = event("push");
  one.erase("request");
  one.erase("actor");
  one["timestamp"] = "yesterday";
  one["target"].as_object().erase("tag");
  const auto parsed = parse(one).value();
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed.front().at, received);
  EXPECT_EQ(parsed.front().tag, std::nullopt);
  EXPECT_EQ(parsed.front().actor, "");
}

TEST(Notification, IsNeverOfLaterThanNow) {
  auto one = event("push");
  one["timestamp"] = "2099-01-01T00:00:00Z";
  EXPECT_EQ(parse(one).value().front().at, received);
}

TEST(Notification, TextsAreFitToBeShown) {
  auto one = event("push");
  one["actor"].as_object()["name"] = "a\nb" + std::string(1000, 'c');
  const auto actor = parse(one).value().front().actor;
  EXPECT_TRUE(actor.starts_with("a?b"));
  EXPECT_LE(actor.size(), 260U);
}

TEST(Notification, AddressesLoseTheirPort) {
  const auto address_of = [](const std::string& sent) {
    auto one = event("push");
    one["request"].as_object()["addr"] = sent;
    return parse(one).value().front().address;
  };
  EXPECT_EQ(address_of("[2001:db8::1]:443"), "2001:db8::1");
  EXPECT_EQ(address_of("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(address_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_of("["), "");
}

TEST(Notification, WhatIsNoEnvelopeIsRefused) {
  for (const auto* body : {"", "{", "[]", "7", "{}", R"({"events":{}})", R"({"events":null})"}) {
    const auto parsed = parse_notifications(body, received);
    ASSERT_FALSE(parsed) << body;
    EXPECT_EQ(parsed.error().kind, RefusalKind::invalid);
  }
  std::string many = R"({"events":[0)";
  for (std::size_t i = 0; i < most_notifications; ++i) many += ",0";
  EXPECT_EQ(parse_notifications(many + "]}", received).error().kind, RefusalKind::too_large);
  EXPECT_TRUE(parse_notifications(R"({"events":[]})", received).value().empty());
}

}  // namespace
}  // namespace spectacles::catalog
