// The configuration: every option checked, every path absolute or relative to where the program runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/database_address.h"
#include "app/settings_source.h"
#include "app/syslog.h"
#include "audit/retention.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "http/server.h"

namespace spectacles::app {

struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
};

enum class Background { inside, off };

struct Config {
  ListenAddress listen;
  std::filesystem::path data_dir;
  std::optional<std::string> public_url;  // without a '/' at the end
  std::vector<std::string> trusted_proxies;
  std::chrono::seconds token_lifetime{900};
  Background background = Background::inside;  // of auto: inside on SQLite, which one machine has for itself, else off
  std::chrono::seconds background_interval{30};
  DatabaseAddress database;
  std::filesystem::path key_path;
  bool may_make_key = false;  // the key lies under the data directory
  std::string issuer;
  std::optional<http::TlsFiles> tls;
  bool log_statements = false;
  std::filesystem::path log_file;
  log::Format log_format = log::Format::text;
  bool log_debug = false;
  std::optional<SyslogServer> syslog;
  audit::Retention decisions_kept;
  bool registration_enabled = false;
  std::string web_root;  // "" or "/prefix"
  std::optional<Secret> secret_key;
  std::optional<std::string> portal_url;
};

// Refuses the first value that is wrong, as "<where it was set>: <what would be right>". Values of secrets are not
// shown.
Result<Config> load_config(const Environment& environment, const std::optional<std::filesystem::path>& config_file);

}  // namespace spectacles::app
