#include "app/serve.h"

#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <thread>

#include "app/await_database.h"
#include "app/data_folder.h"
#include "app/file_watch.h"
#include "app/load_key.h"
#include "app/readiness.h"
#include "app/routes.h"
#include "app/routes_health.h"
#include "app/version.h"
#include "app/wiring.h"
#include "base/log.h"
#include "http/server.h"
#include "tokens/endpoint.h"
#include "web/pages.h"

namespace spectacles::app {
namespace {

// SIGTERM, SIGINT and SIGHUP, blocked in this thread and all that it starts, so that one place waits for them.
class Signals {
 public:
  enum class Wish { nothing, reload, stop };

  Signals() {
    sigemptyset(&signals_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  Wish within(std::chrono::milliseconds time) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    const timespec limit{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
    const int signal = sigtimedwait(&signals_, nullptr, &limit);
    if (signal < 0) return Wish::nothing;
    if (signal == SIGHUP) return Wish::reload;
    log::info("stopping", {{"signal", signal}});
    return Wish::stop;
  }

  // Until a wish to stop; each second and at each wish to reload it calls `look` with whether that was wished.
  void wait(const std::function<void(bool)>& look) const {
    for (;;) {
      const auto wish = within(std::chrono::seconds(1));
      if (wish == Wish::stop) return;
      look(wish == Wish::reload);
    }
  }

 private:
  sigset_t signals_{};
};

// What threads have freed is used by others again, and the 19 MiB of a password go back to the system at once: left to
// itself, the allocator keeps an arena for each thread, and learns from the first password to keep such blocks.
void save_memory() {
  constexpr int arenas = 2;
  constexpr int own_mapping_bytes = 1024 * 1024;
  ::mallopt(M_ARENA_MAX, arenas);
  ::mallopt(M_MMAP_THRESHOLD, own_mapping_bytes);
  ::mallopt(M_TRIM_THRESHOLD, own_mapping_bytes);
}

// The log of a process that serves. Made before all that logs and destroyed after it.
class ServingLog {
 public:
  explicit ServingLog(const Config& config) {
    prepare_data_folder(config.data_dir);
    std::filesystem::create_directories(config.log_file.parent_path());
    log::start({.file = config.log_file,
                .format = config.log_format,
                .with_debug = config.log_debug,
                .outlet = config.syslog ? syslog_outlet(*config.syslog) : log::Outlet()});
  }
  ServingLog(const ServingLog&) = delete;
  ServingLog& operator=(const ServingLog&) = delete;
  ~ServingLog() { log::stop(); }

  // After somebody has moved the file away.
  static void reopen() {
    try {
      log::reopen();
      log::info("log file opened anew");
    } catch (const std::exception& error) {
      log::error("the log file cannot be opened anew", {{"reason", error.what()}});
    }
  }
};

bool await_database(const Config& config, const Signals& signals) {
  return app::await_database(database_options(config),
                             [&](auto time) { return signals.within(time) != Signals::Wish::stop; });
}

std::vector<std::filesystem::path> tls_files(const Config& config) {
  if (!config.tls) return {};
  return {config.tls->key, config.tls->certificate};
}

void reload_tls(http::Server& server) {
  try {
    server.reload_tls();
    log::info("TLS key and certificate read again");
  } catch (const std::exception& error) {
    log::error("the new TLS key and certificate are wrong, so the old ones stay", {{"reason", error.what()}});
  }
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.address = config.listen.address;
  options.port = config.listen.port;
  options.tls = config.tls;
  options.trusted_proxies = config.trusted_proxies;
  options.web_root = config.web_root;
  // Workers wait for the database, not for processors; passwords are hashed on threads of their own. What waits for
  // nothing, as most tokens do, is answered by the threads that read it, so there is one for each processor.
  options.io_threads = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 4);
  options.workers = 8;
  options.hashers = static_cast<int>(hashes_at_once());
  for (const auto path : tokens::endpoint_paths) options.also_without_web_root.emplace_back(path);
  for (const auto path : health_paths) options.also_without_web_root.emplace_back(path);
  return options;
}

}  // namespace

int run_server(const Config& config) {
  save_memory();
  const Signals signals;
  const ServingLog serving_log(config);
  if (!await_database(config, signals)) return 0;
  const auto key = load_key(config);
  Services services(config, key);
  const Readiness readiness(services.foundation.database);
  http::Router router;
  mount_all(router, services);
  mount_health_routes(router, readiness);
  const web::Pages pages(web::embedded_files(), config.web_root);
  router.add_fallback(web::pages_handler(pages));

  const auto worker = config.background == Background::inside ? make_worker(services) : nullptr;
  if (worker) services.wake_background = [&worker] { worker->wake(); };
  const auto housekeeping = worker ? make_housekeeping(services) : nullptr;
  hooks::Courier courier(services.deliveries);
  audit::DecisionRetention retention(services.foundation.database, services.foundation.clock, config.decisions_kept);
  audit::DecisionSettler settler(services.foundation.database, services.foundation.clock);
  audit::DecisionKeeper keeper(settler, retention);
  services.decision_log.start();
  keeper.start();
  http::Server server(
      server_options(config), [&router](http::Request& request) { return router.handle(request); },
      [&router](const http::Request& request) { return router.is_quick(request); });
  if (worker) worker->start();
  services.learner.start();
  services.applier.start();
  services.live.start();
  if (worker) courier.start();
  if (housekeeping) housekeeping->start();
  log::info("ready", {{"version", version}, {"url", listen_url(config)}, {"background", worker ? "inside" : "off"}});

  FileWatch tls_watch(tls_files(config));
  signals.wait([&](bool reload) {
    if (reload) ServingLog::reopen();
    if ((tls_watch.changed() || reload) && config.tls) reload_tls(server);
  });
  services.live.stop();
  server.drain();
  keeper.stop();
  services.decision_log.stop();
  if (worker) worker->stop();
  if (housekeeping) housekeeping->stop();
  courier.stop();
  services.applier.stop();
  services.learner.stop();
  log::info("stopped");
  return 0;
}

int run_background(const Config& config) {
  const Signals signals;
  const ServingLog serving_log(config);
  if (!await_database(config, signals)) return 0;
  const auto key = load_key(config);
  Services services(config, key);
  const auto worker = make_worker(services);
  const auto housekeeping = make_housekeeping(services);
  worker->start();
  hooks::Courier courier(services.deliveries);
  services.learner.start();
  services.applier.start();
  courier.start();
  housekeeping->start();
  log::info("background runs", {{"version", version}, {"interval", config.background_interval.count()}});
  signals.wait([](bool reload) {
    if (reload) ServingLog::reopen();
  });
  worker->stop();
  housekeeping->stop();
  courier.stop();
  services.applier.stop();
  services.learner.stop();
  log::info("stopped");
  return 0;
}

}  // namespace spectacles::app
