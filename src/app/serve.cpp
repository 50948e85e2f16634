#include "app/serve.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <iterator>
#include <stdexcept>

#include "app/await_database.h"
#include "app/routes.h"
#include "app/version.h"
#include "app/wiring.h"
#include "base/log.h"
#include "http/server.h"
#include "registries/settings.h"
#include "tokens/endpoint.h"
#include "web/pages.h"

namespace spectacles::app {
namespace {

// SIGTERM and SIGINT, blocked in this thread and all that it starts, so that one place waits for them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  void wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
    log::info("stopping", {{"signal", signal}});
  }

  // False when a signal came within `time`.
  bool none_within(std::chrono::milliseconds time) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
    return sigtimedwait(&signals_, nullptr, &limit) < 0;
  }

 private:
  sigset_t signals_{};
};

std::string listen_url(const Config& config) {
  const auto& [address, port] = config.listen;
  const bool is_v6 = address.find(':') != std::string::npos;
  const bool is_any = address == "0.0.0.0" || address == "::";
  const auto host = is_any ? "localhost" : is_v6 ? "[" + address + "]" : address;
  return fmt::format("{}://{}:{}{}", config.tls ? "https" : "http", host, port, config.web_root);
}

void print_registry_settings(const Config& config, const registries::SigningKey& key) {
  const auto realm = config.public_url.value_or(listen_url(config)) + "/token_auth";
  const auto service = ServiceName::parse("Docker registry").value();
  const auto settings = registries::render_settings(realm, service, config.issuer, key.certificate.to_pem());
  auto certificate = config.key_path;
  fmt::print(
      "A signing key was made: {}\n"
      "Give its certificate, {}, to the registry as {},\n"
      "and these settings:\n\n{}\n",
      config.key_path.string(), certificate.replace_extension(".crt").string(), registries::certificate_path,
      settings.environment);
  std::fflush(stdout);
}

registries::SigningKey load_key(const Config& config) {
  const auto loaded = registries::load_or_make_signing_key(config.key_path, config.may_make_key, SystemClock().now());
  if (!loaded) throw std::runtime_error("SPECTACLES_PRIV_KEY_PATH: " + loaded.error().text);
  if (loaded->made_now) print_registry_settings(config, loaded->signing_key);
  return loaded->signing_key;
}

void start_log(const Config& config) {
  std::filesystem::create_directories(config.log_file.parent_path());
  log::start(config.log_file, false);
}

bool await_database(const Config& config, const StopSignals& signals) {
  return app::await_database(database_options(config), [&](auto time) { return signals.none_within(time); });
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.address = config.listen.address;
  options.port = config.listen.port;
  options.tls = config.tls;
  options.trusted_proxies = config.trusted_proxies;
  options.web_root = config.web_root;
  // Workers wait for the database, not for processors; passwords are hashed on threads of their own.
  options.workers = 8;
  options.hashers = static_cast<int>(hashes_at_once());
  for (const auto path : tokens::endpoint_paths) options.also_without_web_root.emplace_back(path);
  return options;
}

}  // namespace

int run_server(const Config& config) {
  const StopSignals signals;
  start_log(config);
  if (!await_database(config, signals)) return 0;
  const auto key = load_key(config);
  Services services(config, key);
  http::Router router;
  mount_all(router, services);
  const web::Pages pages(web::embedded_files(), config.web_root);
  router.add_fallback(web::pages_handler(pages));

  const auto worker = config.background == Background::inside ? make_worker(services) : nullptr;
  http::Server server(server_options(config), [&router](http::Request& request) { return router.handle(request); });
  const auto housekeeping = worker ? make_housekeeping(services) : nullptr;
  if (worker) worker->start();
  if (housekeeping) housekeeping->start();
  log::info("ready", {{"version", version}, {"url", listen_url(config)}, {"background", worker ? "inside" : "off"}});

  signals.wait();
  server.drain();
  if (worker) worker->stop();
  if (housekeeping) housekeeping->stop();
  log::info("stopped");
  return 0;
}

int run_background(const Config& config) {
  const StopSignals signals;
  start_log(config);
  if (!await_database(config, signals)) return 0;
  const auto key = load_key(config);
  Services services(config, key);
  const auto worker = make_worker(services);
  const auto housekeeping = make_housekeeping(services);
  worker->start();
  housekeeping->start();
  log::info("background runs", {{"version", version}, {"interval", config.background_interval.count()}});
  signals.wait();
  worker->stop();
  housekeeping->stop();
  log::info("stopped");
  return 0;
}

}  // namespace spectacles::app
