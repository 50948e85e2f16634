// Where the values of options come from: the environment first, then spectacles.yml.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spectacles::app {

using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// The environment of this process.
Environment process_environment();

class SettingsSource {
 public:
  struct Value {
    std::string text;
    std::string origin;  // "environment: WEB_ROOT" or "spectacles.yml: web_root (line 3)", for messages
  };

  // Reads the environment and the configuration file: `config_file` if given, else SPECTACLES_CONFIG, else
  // <data>/spectacles.yml, else /etc/spectacles/spectacles.yml; one of the first two must exist. Refuses, with file and
  // key, an unknown key, a key twice, a value that is no scalar, a secret given both itself and as a _FILE, and a file
  // that cannot be read.
  static Result<SettingsSource> load(const Environment& environment,
                                     const std::optional<std::filesystem::path>& config_file);

  // Nothing when it is not set; an empty value counts as that.
  std::optional<Value> find(std::string_view option) const;

 private:
  Result<void> read_file(const std::filesystem::path& path);
  Result<void> read_environment(const Environment& environment);

  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace spectacles::app
