#include "app/database_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/url.hpp>
#include <charconv>
#include <utility>

namespace spectacles::app {
namespace {

using db::Engine;

constexpr std::string_view uri_option = "SQLALCHEMY_DATABASE_URI";
constexpr std::string_view uri_forms =
    "sqlite:////absolute/path, mysql://user:password@host:port/database or "
    "postgresql://user:password@host:port/database";

std::uint16_t standard_port(Engine engine) {
  return engine == Engine::mysql ? 3306 : 5432;
}

// The engine of a scheme in lower case; nothing for others.
std::optional<Engine> find_engine(std::string_view scheme) {
  constexpr std::array<std::pair<std::string_view, Engine>, 11> schemes{{{"sqlite", Engine::sqlite},
                                                                         {"sqlite+pysqlite", Engine::sqlite},
                                                                         {"mysql", Engine::mysql},
                                                                         {"mysql+pymysql", Engine::mysql},
                                                                         {"mysql+mysqldb", Engine::mysql},
                                                                         {"mariadb", Engine::mysql},
                                                                         {"mariadb+pymysql", Engine::mysql},
                                                                         {"postgresql", Engine::postgres},
                                                                         {"postgres", Engine::postgres},
                                                                         {"postgresql+psycopg2", Engine::postgres},
                                                                         {"postgresql+psycopg", Engine::postgres}}};
  const auto* found =
      std::find_if(schemes.begin(), schemes.end(), [&](const auto& known) { return known.first == scheme; });
  return found == schemes.end() ? std::nullopt : std::optional(found->second);
}

tl::unexpected<Refusal> refuse_uri(std::string text) {
  return refuse(RefusalKind::invalid, std::move(text));
}

// Nothing when a '%' is not followed by two digits, or a NUL would come out.
std::optional<std::string> decode(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view(text);
  if (!encoded) return std::nullopt;
  auto decoded = encoded->decode();
  // Counted, not found: g++ 12 warns of an impossible bound in std::string::find here.
  if (std::count(decoded.begin(), decoded.end(), '\0') > 0) return std::nullopt;
  return decoded;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// Cuts `text` at the first `mark`: what was before it, with what is behind it left in `text`. Nothing without a mark.
std::optional<std::string_view> cut_at(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto before = text.substr(0, at);
  text.remove_prefix(at + 1);
  return before;
}

// host, host:port, [v6], [v6]:port
Result<void> parse_host(std::string_view text, db::Server& server) {
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return refuse_uri("the host begins with '[' and has no ']'");
    server.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    has_port = text.starts_with(':');
    if (!has_port && !text.empty()) return refuse_uri("behind the ']' of the host only a port may come");
    if (has_port) port = text.substr(1);
  } else {
    const auto colon = text.find(':');
    has_port = colon != std::string_view::npos;
    server.host = text.substr(0, colon);
    if (has_port) port = text.substr(colon + 1);
  }
  const bool is_plain = std::none_of(server.host.begin(), server.host.end(), [](unsigned char c) {
    return c <= ' ' || c > '~' || std::string_view("%'\"\\,@/?#").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (server.host.empty() || !is_plain) return refuse_uri("must name a host");
  server.port = standard_port(server.engine);
  if (!has_port) return {};
  const auto parsed = parse_port(port);
  if (!parsed) return refuse_uri("the port must be a number from 1 to 65535");
  server.port = *parsed;
  return {};
}

// What Python's drivers want to be told and is so here anyway. Others would change something: they are not passed over.
Result<void> check_query(std::string_view query) {
  constexpr std::array<std::string_view, 4> harmless{"charset", "use_unicode", "client_encoding", "application_name"};
  std::string unknown;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto name = query.substr(0, std::min(query.find('='), end));
    query.remove_prefix(std::min(end + 1, query.size()));
    if (name.empty() || std::find(harmless.begin(), harmless.end(), name) != harmless.end()) continue;
    unknown += (unknown.empty() ? "" : ", ") + std::string(name);
  }
  if (unknown.empty()) return {};
  return refuse_uri(fmt::format("has parameters that are not known here: {}", unknown));
}

Result<DatabaseAddress> parse_file(std::string_view rest) {
  const auto path = rest.starts_with('/') ? decode(rest.substr(1)) : std::nullopt;
  if (!path || path->empty() || *path == ":memory:") return refuse_uri("must name a file: sqlite:////absolute/path");
  return std::filesystem::path(*path);
}

// What stands behind "://". As in SQLAlchemy, from where users bring their addresses, a password ends at the first '@'
// and may hold '/', '?' and '#' as they are.
Result<DatabaseAddress> parse_server(Engine engine, std::string_view rest) {
  db::Server server{.engine = engine, .host = {}, .user = {}, .password = {}, .database = {}};
  auto credentials = cut_at(rest, '@');
  if (!credentials) return refuse_uri(fmt::format("must name a user, in the form {}", uri_forms));
  const auto encoded_user = cut_at(*credentials, ':');
  const auto user = decode(encoded_user.value_or(*credentials));
  const auto password = decode(encoded_user ? *credentials : "");
  if (!user || user->empty()) return refuse_uri("the user must not be empty, and percent-encoded where needed");
  if (!password) return refuse_uri("the password has a '%' without two hexadecimal digits behind it: write %25");
  server.user = *user;
  server.password = Secret(*password);

  const auto question_mark = rest.find('?');
  const auto query = question_mark == std::string_view::npos ? "" : rest.substr(question_mark + 1);
  rest = rest.substr(0, question_mark);
  const auto host = cut_at(rest, '/');
  const auto database = host ? decode(rest) : std::nullopt;
  if (auto parsed = parse_host(host.value_or(rest), server); !parsed) return pass_on(parsed);
  if (!database || database->empty()) return refuse_uri("must name a database behind the host: .../database");
  server.database = *database;
  if (auto checked = check_query(query); !checked) return pass_on(checked);
  return server;
}

class Reader {
 public:
  Reader(const SettingsSource& source, const std::filesystem::path& data)
      : source_(source), data_(data), backend_(source.find("DB_BACKEND")) {}

  Result<DatabaseAddress> read() const {
    if (backend_ && backend_->text != "other" && !named_engine()) {
      return refuse_value(*backend_, "must be mysql, postgresql or other");
    }
    if (const auto uri = source_.find(uri_option)) return read_uri(*uri);
    const auto engine = named_engine().value_or(backend_ || !speaks_of_mysql() ? Engine::sqlite : Engine::mysql);
    if (engine == Engine::sqlite) return data_ / "db" / "spectacles.db";
    return read_variables(engine);
  }

 private:
  static tl::unexpected<Refusal> refuse_value(const SettingsSource::Value& value, std::string_view right) {
    return refuse(RefusalKind::invalid, fmt::format("{}: {}", value.origin, right));
  }

  std::optional<Engine> named_engine() const {
    if (backend_ && backend_->text == "mysql") return Engine::mysql;
    if (backend_ && backend_->text == "postgresql") return Engine::postgres;
    return std::nullopt;
  }

  bool speaks_of_mysql() const {
    constexpr std::array<std::string_view, 4> signs{"DB_HOST", "MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD"};
    return std::any_of(signs.begin(), signs.end(),
                       [&](std::string_view name) { return source_.find(name).has_value(); });
  }

  Result<DatabaseAddress> read_uri(const SettingsSource::Value& uri) const {
    auto address = parse_database_uri(uri.text);
    if (!address) return refuse_value(uri, address.error().text);
    const auto* server = std::get_if<db::Server>(&*address);
    const auto engine = server ? server->engine : Engine::sqlite;
    if (const auto named = named_engine(); named && *named != engine) {
      return refuse_value(*backend_, fmt::format("says {}, but {} is the address of a {} database", backend_->text,
                                                 uri_option, db::render_engine(engine)));
    }
    return address;
  }

  Result<DatabaseAddress> read_variables(Engine engine) const {
    const bool is_mysql = engine == Engine::mysql;
    db::Server server{.engine = engine,
                      .host = {},
                      .user = text_or(is_mysql ? "MYSQL_USER" : "POSTGRES_USER", "spectacles"),
                      .password = Secret(text_or(is_mysql ? "MYSQL_PASSWORD" : "POSTGRES_PASSWORD", "")),
                      .database = text_or(is_mysql ? "MYSQL_DATABASE" : "POSTGRES_DB", "spectacles")};
    const auto host = source_.find("DB_HOST");
    if (auto parsed = parse_host(host ? host->text : db::render_engine(engine), server); !parsed) {
      return refuse_value(*host, "must be a host or host:port; " + parsed.error().text);
    }
    return server;
  }

  std::string text_or(std::string_view option, std::string_view standard) const {
    const auto value = source_.find(option);
    return value ? value->text : std::string(standard);
  }

  const SettingsSource& source_;
  const std::filesystem::path& data_;
  const std::optional<SettingsSource::Value> backend_;
};

}  // namespace

Result<DatabaseAddress> parse_database_uri(std::string_view uri) {
  const auto end = uri.find("://");
  if (end == std::string_view::npos) return refuse_uri(fmt::format("must have the form {}", uri_forms));
  std::string scheme(uri.substr(0, end));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto engine = find_engine(scheme);
  if (!engine) return refuse_uri(fmt::format("no such kind of database is known here; use {}", uri_forms));
  const auto rest = uri.substr(end + 3);
  return *engine == Engine::sqlite ? parse_file(rest) : parse_server(*engine, rest);
}

Result<DatabaseAddress> load_database_address(const SettingsSource& source, const std::filesystem::path& data) {
  return Reader(source, data).read();
}

}  // namespace spectacles::app
