#include "app/settings_source.h"

#include <fmt/format.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "app/options.h"

namespace spectacles::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_suffix = "_FILE";

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::optional<std::string> non_empty(std::optional<std::string> text) {
  return text && !text->empty() ? text : std::nullopt;
}

// The option that a key of the file is about, and whether it is its _FILE twin.
struct Match {
  const Option* option = nullptr;
  bool is_twin = false;
};

Match find_option(std::string_view key) {
  for (const auto& option : all_options()) {
    const auto name = lower_case(option.name);
    if (key == name) return {&option, false};
    if (option.secrecy == Secrecy::secret && key == name + lower_case(file_suffix)) return {&option, true};
  }
  return {};
}

Result<std::string> read_secret_file(const std::string& path, const std::string& origin) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return refuse(RefusalKind::invalid, fmt::format("{}: cannot read {}", origin, path));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

tl::unexpected<Refusal> refuse_both(std::string_view origin, std::string_view option) {
  return refuse(RefusalKind::invalid, fmt::format("{}: set either {} or {}_FILE, not both", origin, option, option));
}

// The file to read, if there is one.
Result<std::optional<fs::path>> choose_file(const Environment& environment,
                                            const std::optional<fs::path>& config_file) {
  auto named = config_file;
  if (const auto by_environment = non_empty(environment("SPECTACLES_CONFIG")); !named && by_environment) {
    named = *by_environment;
  }
  if (named) {
    if (!fs::is_regular_file(*named)) {
      return refuse(RefusalKind::invalid, fmt::format("{}: there is no such configuration file", named->string()));
    }
    return named;
  }
  const fs::path data = non_empty(environment("SPECTACLES_DATA_DIR")).value_or("./data");
  for (const auto& path : {data / "spectacles.yml", fs::path("/etc/spectacles/spectacles.yml")}) {
    std::error_code error;
    if (fs::exists(path, error)) return path;
    if (error) {
      return refuse(
          RefusalKind::invalid,
          fmt::format("{}: the user {} that this runs as cannot look into this folder ({}); give it to that user",
                      path.parent_path().string(), ::geteuid(), error.message()));
    }
  }
  return std::nullopt;
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Result<SettingsSource> SettingsSource::load(const Environment& environment,
                                            const std::optional<std::filesystem::path>& config_file) {
  SettingsSource source;
  const auto file = choose_file(environment, config_file);
  if (!file) return pass_on(file);
  if (*file) {
    if (const auto read = source.read_file(**file); !read) return pass_on(read);
  }
  if (const auto read = source.read_environment(environment); !read) return pass_on(read);
  return source;
}

std::optional<SettingsSource::Value> SettingsSource::find(std::string_view option) const {
  const auto at = values_.find(option);
  if (at == values_.end() || at->second.text.empty()) return std::nullopt;
  return at->second;
}

Result<void> SettingsSource::read_file(const fs::path& path) {
  const auto refuse_at = [&](const YAML::Mark& mark, std::string_view what) {
    return refuse(RefusalKind::invalid, fmt::format("{}: {} (line {})", path.string(), what, mark.line + 1));
  };
  try {
    const auto root = YAML::LoadFile(path.string());
    if (root.IsNull()) return {};
    if (!root.IsMap()) return refuse_at(root.Mark(), "must hold keys and values");
    std::set<std::string> seen;
    for (const auto& entry : root) {
      const auto key = entry.first.IsScalar() ? entry.first.Scalar() : std::string("?");
      const auto match = find_option(key);
      if (match.option == nullptr) return refuse_at(entry.first.Mark(), key + ": there is no such key");
      if (!seen.insert(key).second) return refuse_at(entry.first.Mark(), key + ": is there twice");
      if (entry.second.IsNull()) continue;
      if (!entry.second.IsScalar()) return refuse_at(entry.second.Mark(), key + ": must be a single value");

      const std::string option(match.option->name);
      const auto origin = fmt::format("{}: {} (line {})", path.string(), key, entry.first.Mark().line + 1);
      auto text = entry.second.Scalar();
      if (match.is_twin) {
        if (text.empty()) continue;
        auto secret = read_secret_file(text, origin);
        if (!secret) return pass_on(secret);
        text = std::move(*secret);
      }
      if (values_.contains(option)) return refuse_both(path.string(), lower_case(option));
      values_[option] = {std::move(text), origin};
    }
  } catch (const YAML::Exception& error) {
    return refuse_at(error.mark, error.msg);
  }
  return {};
}

Result<void> SettingsSource::read_environment(const Environment& environment) {
  for (const auto& option : all_options()) {
    const std::string name(option.name);
    const auto value = non_empty(environment(name));
    const auto twin =
        option.secrecy == Secrecy::secret ? non_empty(environment(name + std::string(file_suffix))) : std::nullopt;
    if (value && twin) return refuse_both("environment", name);
    if (value) values_[name] = {*value, "environment: " + name};
    if (twin) {
      const auto origin = "environment: " + name + std::string(file_suffix);
      auto secret = read_secret_file(*twin, origin);
      if (!secret) return pass_on(secret);
      values_[name] = {std::move(*secret), origin};
    }
  }
  return {};
}

}  // namespace spectacles::app
