#include "app/options.h"

#include <fmt/format.h>

#include <iterator>

namespace spectacles::app {
namespace {

constexpr std::string_view no_openid = "this version has no sign-in with OpenID";
constexpr std::string_view no_syslog = "this version does not write to syslog";

constexpr Option options[] = {
    {"SPECTACLES_LISTEN", "0.0.0.0:5050", "address and port of the web server"},
    {"SPECTACLES_DATA_DIR", "./data", "where all that must survive lies"},
    {"SPECTACLES_PUBLIC_URL", "from the request", "address that clients use: in the registry's settings"},
    {"SPECTACLES_TRUSTED_PROXIES", "none", "networks whose X-Forwarded-* headers count, separated by commas"},
    {"SPECTACLES_TOKEN_LIFETIME", "900", "seconds that a token is good for, 60 to 3600"},
    {"SPECTACLES_BACKGROUND", "auto",
     "inside: the web server also reads the registries; off: it does not; auto: inside on SQLite, else off"},
    {"SPECTACLES_BACKGROUND_UPDATE", "30", "seconds between two readings of a registry, 1 to 86400"},
    {"SPECTACLES_DECISIONS_KEPT_DAYS", "90", "days that decisions on tokens are kept, 1 to 3650"},
    {"SPECTACLES_DECISIONS_KEPT_ROWS", "10000000", "decisions that are kept at most, the newest, 1000 and more"},
    {"DB_BACKEND", "from the address", "mysql (MariaDB too), postgresql or other (SQLite); must fit the address"},
    {"DB_HOST", "mysql or postgresql", "host[:port] of the database server, without an address"},
    {"SQLALCHEMY_DATABASE_URI", "sqlite at <data>/db/spectacles.db",
     "sqlite:////absolute/path, mysql://user:password@host:port/database or postgresql://...", Secrecy::secret},
    {"MYSQL_DATABASE", "spectacles", "used without an address"},
    {"MYSQL_USER", "spectacles", "used without an address"},
    {"MYSQL_PASSWORD", "", "used without an address", Secrecy::secret},
    {"POSTGRES_DB", "spectacles", "used without an address"},
    {"POSTGRES_USER", "spectacles", "used without an address"},
    {"POSTGRES_PASSWORD", "", "used without an address", Secrecy::secret},
    {"AVATARS_SAVE_PATH", "<data>/avatars/",
     "where avatars lay: they are in the database now, so that every server has them"},
    {"SPECTACLES_PRIV_KEY_PATH", "<data>/certs/domain.key",
     "key that signs tokens, with its certificate beside it (domain.crt)"},
    {"SPECTACLES_ISSUER_NAME", "Auth service", "issuer of tokens, the same as in the registry"},
    {"SPECTACLES_WEB_TLS_KEY_PATH", "<data>/tls/key.pem", "with the certificate: HTTPS instead of HTTP"},
    {"SPECTACLES_WEB_TLS_CERT_PATH", "<data>/tls/cert.pem", "with the key: HTTPS instead of HTTP"},
    {"OPENID_LOGIN", "False", "sign-in with an OpenID provider", Secrecy::open, no_openid},
    {"SQL_DEBUG_LOGGING", "False", "log every statement with its time, never its values"},
    {"LOG_FILE_PATH", "<data>/log/", "folder of the log file"},
    {"LOG_FILE_NAME", "spectacles.log", "name of the log file, rotated at 10 MiB"},
    {"SYSLOG_ENABLE", "False", "also log to a syslog server", Secrecy::open, no_syslog},
    {"SYSLOG_SERVER", "172.16.1.1", "its address", Secrecy::open, no_syslog},
    {"SYSLOG_PORT", "5140", "its port", Secrecy::open, no_syslog},
    {"REGISTER_ENABLED", "False", "whether people may make accounts for themselves after the first"},
    {"WEB_ROOT", "", "path before all addresses, behind a proxy; /token_auth also answers without it"},
    {"SECRET_KEY", "made once and kept", "secret of the sessions", Secrecy::secret},
    {"PORTAL_URL", "", "where signing out leads"},
};

}  // namespace

std::span<const Option> all_options() {
  return options;
}

std::string render_option_table() {
  std::string table = "| variable | default | meaning |\n|---|---|---|\n";
  for (const auto& option : options) {
    const auto standard = option.standard.empty() ? std::string("-") : fmt::format("`{}`", option.standard);
    fmt::format_to(std::back_inserter(table), "| `{}` | {} | {}{} |\n", option.name, standard, option.meaning,
                   option.secrecy == Secrecy::secret ? fmt::format(" (or `{}_FILE`)", option.name) : "");
  }
  return table;
}

}  // namespace spectacles::app
