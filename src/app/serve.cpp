#include "app/serve.h"

#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <thread>

#include "app/await_database.h"
#include "app/load_key.h"
#include "app/routes.h"
#include "app/version.h"
#include "app/wiring.h"
#include "base/log.h"
#include "http/server.h"
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

// What threads have freed is used by others again, and the 19 MiB of a password go back to the system at once: left to
// itself, the allocator keeps an arena for each thread, and learns from the first password to keep such blocks.
void save_memory() {
  constexpr int arenas = 2;
  constexpr int own_mapping_bytes = 1024 * 1024;
  ::mallopt(M_ARENA_MAX, arenas);
  ::mallopt(M_MMAP_THRESHOLD, own_mapping_bytes);
  ::mallopt(M_TRIM_THRESHOLD, own_mapping_bytes);
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
  // Workers wait for the database, not for processors; passwords are hashed on threads of their own. What waits for
  // nothing, as most tokens do, is answered by the threads that read it, so there is one for each processor.
  options.io_threads = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 4);
  options.workers = 8;
  options.hashers = static_cast<int>(hashes_at_once());
  for (const auto path : tokens::endpoint_paths) options.also_without_web_root.emplace_back(path);
  return options;
}

}  // namespace

int run_server(const Config& config) {
  save_memory();
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
  if (worker) services.wake_background = [&worker] { worker->wake(); };
  const auto housekeeping = worker ? make_housekeeping(services) : nullptr;
  hooks::Courier courier(services.deliveries);
  audit::DecisionRetention retention(services.foundation.database, services.foundation.clock, config.decisions_kept);
  audit::DecisionKeeper keeper(retention);
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

  signals.wait();
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
  const StopSignals signals;
  start_log(config);
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
  signals.wait();
  worker->stop();
  housekeeping->stop();
  courier.stop();
  services.applier.stop();
  services.learner.stop();
  log::info("stopped");
  return 0;
}

}  // namespace spectacles::app
