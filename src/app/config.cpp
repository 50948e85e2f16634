#include "app/config.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/options.h"
#include "base/ascii.h"
#include "base/unicode.h"
#include "http/forwarded.h"
#include "http/web_url.h"

namespace spectacles::app {
namespace {

namespace fs = std::filesystem;

using Value = SettingsSource::Value;

tl::unexpected<Refusal> refuse_value(const Value& value, std::string_view right) {
  return refuse(RefusalKind::invalid, fmt::format("{}: {}", value.origin, right));
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_boolean(const std::string& text) {
  const auto lower = to_lower(text);
  if (lower == "true" || lower == "1" || lower == "yes") return true;
  if (lower == "false" || lower == "0" || lower == "no") return false;
  return std::nullopt;
}

bool is_ip_address(const std::string& text) {
  in6_addr buffer{};
  return ::inet_pton(AF_INET, text.c_str(), &buffer) == 1 || ::inet_pton(AF_INET6, text.c_str(), &buffer) == 1;
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  auto host = std::string(text.substr(0, colon));
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  if (!port || !is_ip_address(host)) return std::nullopt;
  return ListenAddress{host, *port};
}

// An absolute address of a page, without query and fragment; a '/' at the end is dropped.
std::optional<std::string> parse_web_root(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  if (text.empty()) return text;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~/").find(c) != std::string_view::npos;
  });
  const bool has_odd_segment = (text + "/").find("/./") != std::string::npos ||
                               (text + "/").find("/../") != std::string::npos || text.find("//") != std::string::npos;
  if (text.front() != '/' || !plain || has_odd_segment) return std::nullopt;
  return text;
}

// Reads the options one after another into a Config; the first refusal stays.
class Reader {
 public:
  explicit Reader(const SettingsSource& source) : source_(source) {}

  Result<Config> read() {
    refuse_what_is_not_there();
    read_places();
    read_database();
    read_web();
    read_tokens();
    read_background();
    read_retention();
    read_log();
    read_accounts();
    if (refusal_) return tl::unexpected<Refusal>(*refusal_);
    return std::move(config_);
  }

 private:
  void refuse_what_is_not_there() {
    for (const auto& option : all_options()) {
      const auto value = source_.find(option.name);
      if (option.not_yet.empty() || !value || is_default(option, value->text)) continue;
      fail(*value, fmt::format("{}, so this must be left at its default", option.not_yet));
    }
  }

  bool is_default(const Option& option, const std::string& text) const {
    if (option.standard == "False") return parse_boolean(text) == false;
    return text == option.standard;
  }

  void read_places() {
    config_.data_dir = text_or("SPECTACLES_DATA_DIR", "./data");
    config_.key_path = text_or("SPECTACLES_PRIV_KEY_PATH", (config_.data_dir / "certs" / "domain.key").string());
    // A key that is missing elsewhere is more likely a wrong path than a wish for a new one.
    const auto relative = fs::weakly_canonical(fs::absolute(config_.key_path))
                              .lexically_relative(fs::weakly_canonical(fs::absolute(config_.data_dir)));
    config_.may_make_key = !relative.empty() && *relative.begin() != "..";
  }

  void read_database() {
    auto address = load_database_address(source_, config_.data_dir);
    if (address) {
      config_.database = *std::move(address);
    } else if (!refusal_) {
      refusal_ = address.error();
    }
  }

  void read_web() {
    const auto listen = source_.find("SPECTACLES_LISTEN");
    if (const auto parsed = parse_listen(listen ? listen->text : "0.0.0.0:5050")) {
      config_.listen = *parsed;
    } else {
      fail(*listen, "must have the form address:port, as 0.0.0.0:5050 or [::]:5050");
    }
    if (const auto url = source_.find("SPECTACLES_PUBLIC_URL")) {
      read_web_url(*url, config_.public_url);
    }
    if (const auto root = source_.find("WEB_ROOT")) {
      const auto parsed = parse_web_root(root->text);
      if (!parsed) fail(*root, "must be a path like /registry of letters, digits, '-', '.', '_' and '~'");
      config_.web_root = parsed.value_or("");
    }
    if (const auto url = source_.find("PORTAL_URL")) {
      read_web_url(*url, config_.portal_url);
    }
    read_trusted_proxies();
    read_tls();
  }

  void read_web_url(const Value& value, std::optional<std::string>& url) {
    if (auto parsed = http::parse_web_url(value.text)) {
      url = *std::move(parsed);
    } else {
      fail(value, parsed.error().text);
    }
  }

  void read_trusted_proxies() {
    const auto proxies = source_.find("SPECTACLES_TRUSTED_PROXIES");
    if (!proxies || proxies->text == "none") return;
    std::string_view rest = proxies->text;
    while (!rest.empty()) {
      const auto end = rest.find_first_of(", ");
      const auto network = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (network.empty()) continue;
      if (!http::parse_network(network)) fail(*proxies, fmt::format("{} is no address and no network", network));
      config_.trusted_proxies.emplace_back(network);
    }
  }

  void read_tls() {
    const auto key = source_.find("SPECTACLES_WEB_TLS_KEY_PATH");
    const auto certificate = source_.find("SPECTACLES_WEB_TLS_CERT_PATH");
    const fs::path folder = text_or("SPECTACLES_WEB_TLS_DIR", (config_.data_dir / "tls").string());
    const http::TlsFiles files{.key = key ? fs::path(key->text) : folder / "key.pem",
                               .certificate = certificate ? fs::path(certificate->text) : folder / "cert.pem"};
    const bool has_key = fs::exists(files.key);
    const bool has_certificate = fs::exists(files.certificate);
    if (has_key && has_certificate) {
      config_.tls = files;
    } else if (has_key || has_certificate || key || certificate) {
      // Blamed is what was set and is not there, else what is missing beside the other.
      const bool blame_key = !has_key && (key || has_certificate);
      const auto& missing = blame_key ? files.key : files.certificate;
      const auto& set = blame_key ? key : certificate;
      const auto* option = blame_key ? "SPECTACLES_WEB_TLS_KEY_PATH" : "SPECTACLES_WEB_TLS_CERT_PATH";
      fail({"", set ? set->origin : option},
           fmt::format("HTTPS needs key and certificate, and there is no file {}", missing.string()));
    }
  }

  void read_tokens() {
    config_.token_lifetime = seconds("SPECTACLES_TOKEN_LIFETIME", 900, 60, 3600);
    config_.issuer = text_or("SPECTACLES_ISSUER_NAME", "Auth service");
    if (!to_nfc(config_.issuer) || has_unprintable(config_.issuer) || config_.issuer.size() > 255) {
      fail(*source_.find("SPECTACLES_ISSUER_NAME"), "must be at most 255 bytes without control characters");
    }
  }

  void read_background() {
    config_.background_interval = seconds("SPECTACLES_BACKGROUND_UPDATE", 30, 1, 86400);
    const auto background = source_.find("SPECTACLES_BACKGROUND");
    const auto text = background ? background->text : "auto";
    if (text != "auto" && text != "inside" && text != "off") fail(*background, "must be auto, inside or off");
    const bool is_sqlite = std::holds_alternative<fs::path>(config_.database);
    config_.background = text == "inside" || (text == "auto" && is_sqlite) ? Background::inside : Background::off;
  }

  void read_retention() {
    config_.decisions_kept.age = std::chrono::days(number("SPECTACLES_DECISIONS_KEPT_DAYS", 90, 1, 3650, "days"));
    config_.decisions_kept.rows =
        number("SPECTACLES_DECISIONS_KEPT_ROWS", 10'000'000, 1000, 1'000'000'000, "decisions");
  }

  void read_log() {
    config_.log_statements = boolean("SQL_DEBUG_LOGGING");
    const auto name = text_or("LOG_FILE_NAME", "spectacles.log");
    if (name.find('/') != std::string::npos)
      fail(*source_.find("LOG_FILE_NAME"), "must be a file's name without a folder");
    config_.log_file = fs::path(text_or("LOG_FILE_PATH", (config_.data_dir / "log").string())) / name;
    config_.log_debug = choice("LOG_LEVEL", {"info", "debug"}) == "debug";
    config_.log_format = choice("LOG_FORMAT", {"text", "json"}) == "json" ? log::Format::json : log::Format::text;
    if (boolean("SYSLOG_ENABLE")) read_syslog();
  }

  void read_syslog() {
    using Transport = SyslogServer::Transport;
    SyslogServer server{.host = text_or("SYSLOG_SERVER", "172.16.1.1")};
    constexpr int most = 65535;
    server.port = static_cast<std::uint16_t>(number("SYSLOG_PORT", 5140, 1, most, ""));
    const auto protocol = choice("SYSLOG_PROTOCOL", {"udp", "tcp", "tls"});
    server.transport = protocol == "tls" ? Transport::tls : protocol == "tcp" ? Transport::tcp : Transport::udp;
    if (const auto ca = source_.find("SYSLOG_CA")) {
      server.ca = ca->text;
      if (!fs::exists(*server.ca)) fail(*ca, fmt::format("there is no file {}", ca->text));
    }
    config_.syslog = std::move(server);
  }

  void read_accounts() {
    config_.registration_enabled = boolean("REGISTER_ENABLED");
    const auto secret = source_.find("SECRET_KEY");
    if (!secret) return;
    constexpr std::size_t min_length = 16;
    if (secret->text.size() < min_length) fail(*secret, "must have at least 16 characters");
    config_.secret_key = Secret(secret->text);
  }

  std::string text_or(std::string_view option, std::string_view standard) const {
    const auto value = source_.find(option);
    return value ? value->text : std::string(standard);
  }

  bool boolean(std::string_view option) {
    const auto value = source_.find(option);
    if (!value) return false;
    const auto parsed = parse_boolean(value->text);
    if (!parsed) fail(*value, "must be true or false");
    return parsed.value_or(false);
  }

  // One of `choices`, the first when it is not set.
  std::string choice(std::string_view option, const std::vector<std::string>& choices) {
    const auto value = source_.find(option);
    if (!value) return choices.front();
    auto text = to_lower(value->text);
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) return text;
    fail(*value, fmt::format("must be {}", fmt::join(choices, " or ")));
    return choices.front();
  }

  std::chrono::seconds seconds(std::string_view option, int standard, int least, int most) {
    return std::chrono::seconds(number(option, standard, least, most, "seconds"));
  }

  int number(std::string_view option, int standard, int least, int most, std::string_view unit) {
    const auto value = source_.find(option);
    if (!value) return standard;
    const auto parsed = parse_number<int>(value->text);
    if (parsed && *parsed >= least && *parsed <= most) return *parsed;
    fail(*value, fmt::format("must be a number{}{} from {} to {}", unit.empty() ? "" : " of ", unit, least, most));
    return standard;
  }

  void fail(const Value& value, std::string_view right) {
    if (!refusal_) refusal_ = refuse_value(value, right).value();
  }

  const SettingsSource& source_;
  Config config_;
  std::optional<Refusal> refusal_;
};

}  // namespace

Result<Config> load_config(const Environment& environment, const std::optional<std::filesystem::path>& config_file) {
  const auto source = SettingsSource::load(environment, config_file);
  if (!source) return pass_on(source);
  return Reader(*source).read();
}

}  // namespace spectacles::app
