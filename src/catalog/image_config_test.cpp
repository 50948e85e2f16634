#include "catalog/image_config.h"

#include <gtest/gtest.h>

#include "catalog/shown.h"

namespace spectacles::catalog {
namespace {

TEST(ImageConfig, ReadsWhatDockerWrites) {
  const auto read = parse_image_config(R"({
    "architecture": "amd64", "os": "linux", "author": "me",
    "config": {"User": "1000:1000", "WorkingDir": "/app", "StopSignal": "SIGQUIT", "Env": ["PATH=/bin", "A=b"],
      "Entrypoint": ["/run"], "Cmd": "serve", "ExposedPorts": {"80/tcp": {}, "53/udp": {}}, "Volumes": {"/data": {}},
      "Labels": {"a": "b"}, "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5000000000, "Retries": 3}},
    "history": [{"created": "2024-05-06T07:08:09.123456789Z", "created_by": "ADD x /", "comment": "c"},
      {"created_by": "ENV A=b", "empty_layer": true}]})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->author, "me");
  EXPECT_EQ(read->user, "1000:1000");
  EXPECT_EQ(read->working_dir, "/app");
  EXPECT_EQ(read->stop_signal, "SIGQUIT");
  EXPECT_EQ(read->env, (std::vector<std::string>{"PATH=/bin", "A=b"}));
  EXPECT_EQ(read->entrypoint, std::vector<std::string>{"/run"});
  EXPECT_EQ(read->cmd, std::vector<std::string>{"serve"});
  EXPECT_EQ(read->exposed_ports, (std::vector<std::string>{"80/tcp", "53/udp"}));
  EXPECT_EQ(read->volumes, std::vector<std::string>{"/data"});
  EXPECT_EQ(read->labels, (std::map<std::string, std::string>{{"a", "b"}}));
  ASSERT_TRUE(read->healthcheck);
  EXPECT_EQ(read->healthcheck->interval_seconds, 5);
  EXPECT_EQ(read->healthcheck->retries, 3);
  EXPECT_FALSE(read->healthcheck->timeout_seconds);
  ASSERT_EQ(read->history.size(), 2U);
  EXPECT_EQ(render_rfc3339(read->history[0].created.value()), "2024-05-06T07:08:09Z");
  EXPECT_FALSE(read->history[0].empty_layer);
  EXPECT_TRUE(read->history[1].empty_layer);
}

TEST(ImageConfig, WhatHasAWrongTypeIsNotThere) {
  const auto read = parse_image_config(R"({"author": 5, "history": [1, null, {"created": "soon", "created_by": ["x"],
    "empty_layer": "yes"}], "config": {"Env": {"a": 1}, "Cmd": [1, "x", null], "Labels": ["a"], "Volumes": "x",
    "User": null, "Healthcheck": {"Interval": -1, "Retries": "3", "Test": 7}}})");
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->author);
  ASSERT_EQ(read->history.size(), 1U);
  EXPECT_EQ(read->history[0].created_by, "");
  EXPECT_FALSE(read->history[0].created);
  EXPECT_FALSE(read->history[0].empty_layer);
  EXPECT_TRUE(read->env.empty());
  EXPECT_EQ(read->cmd, std::vector<std::string>{"x"});
  EXPECT_TRUE(read->labels.empty());
  EXPECT_FALSE(read->healthcheck->interval_seconds);
  EXPECT_FALSE(read->healthcheck->retries);
  EXPECT_TRUE(parse_image_config(R"({"config": null})"));
}

TEST(ImageConfig, RefusesWhatIsNoObject) {
  for (const auto* text : {"", "[]", "null", "\"x\"", "{", "{\"a\": \"\xff\"}"}) EXPECT_FALSE(parse_image_config(text));
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100; ++i) deep += "[";
  EXPECT_FALSE(parse_image_config(deep));
}

TEST(ImageConfig, IsBounded) {
  std::string steps;
  for (int i = 0; i < 5000; ++i) steps += R"({"created_by":"x"},)";
  steps.pop_back();
  const auto read =
      parse_image_config("{\"history\":[" + steps + "],\"config\":{\"User\":\"" + std::string(100'000, 'u') + "\"}}");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->history.size(), most_config_items);
  EXPECT_LT(read->user.size(), most_shown_bytes + 10);
}

TEST(Shown, LeavesNothingThatActsOnAScreen) {
  EXPECT_EQ(shown("RUN a \\\n\tb <script>"), "RUN a \\\n\tb <script>") << "a page escapes it";
  EXPECT_EQ(shown("größe 漢字"), "größe 漢字");
  EXPECT_EQ(shown("a\x1b[31mb\r"), "a\xef\xbf\xbd[31mb\xef\xbf\xbd");
  EXPECT_EQ(shown("a\xe2\x80\xae"
                  "b"),
            "a\xef\xbf\xbd"
            "b")
      << "an override of the writing direction";
  EXPECT_EQ(shown("a\xff\xfe"
                  "b"),
            "a\xef\xbf\xbd\xef\xbf\xbd"
            "b");
  EXPECT_EQ(shown(std::string_view("a\0b", 3)),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(shown("abcdef", 3), "abc\xe2\x80\xa6");
}

}  // namespace
}  // namespace spectacles::catalog
