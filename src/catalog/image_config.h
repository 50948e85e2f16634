// What an image says of itself: the configuration of https://github.com/opencontainers/image-spec/blob/main/config.md
// (Docker's is the same but for members that are left out here). Read with distrust: whoever pushed the image wrote it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace spectacles::catalog {

// One step of the build, in the order in which they were made.
struct BuildStep {
  std::string created_by;
  std::string comment;
  std::optional<Time> created;
  bool empty_layer = false;  // it changed no file: no layer belongs to it
};

struct Healthcheck {
  std::vector<std::string> test;
  std::optional<std::int64_t> interval_seconds;
  std::optional<std::int64_t> timeout_seconds;
  std::optional<std::int64_t> retries;
};

struct ImageConfig {
  std::optional<std::string> author;
  std::string user;
  std::string working_dir;
  std::string stop_signal;
  std::vector<std::string> env;
  std::vector<std::string> entrypoint;
  std::vector<std::string> cmd;
  std::vector<std::string> exposed_ports;
  std::vector<std::string> volumes;
  std::map<std::string, std::string> labels;
  std::optional<Healthcheck> healthcheck;
  std::vector<BuildStep> history;
};

// At most so many of each list are read, and each text is as catalog/shown.h makes it; members of a wrong type are as
// those that are not there. Nothing when it is no JSON object at all.
inline constexpr std::size_t most_config_items = 1000;
std::optional<ImageConfig> parse_image_config(std::string_view json);

}  // namespace spectacles::catalog
