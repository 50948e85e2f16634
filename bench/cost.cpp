// What a decision and a token cost, as a number of instructions: tests/cost.test.ts runs this under callgrind, which
// counts inside measured() alone.
//
//   cost decision|token TIMES USER:PASSWORD NAMESPACE...
//
// Works on the data folder of SPECTACLES_DATA_DIR, where the registry "Docker registry", the user and his namespaces
// are. decision: the answer of the rights to a request for a repository. token: all the way from the bytes of a request
// to those of its answer, but for the sockets; each token is another one.
#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/routes.h"
#include "app/wiring.h"
#include "base/base64.h"
#include "base/waiting.h"
#include "http/dispatcher.h"

namespace spectacles {
namespace {

struct Task {
  std::string kind;
  int times = 0;
  std::string credentials;
  std::vector<std::string> namespaces;

  std::string repository(int number) const {
    const auto& ns = namespaces[static_cast<std::size_t>(number) % namespaces.size()];
    return ns + "/app-" + std::to_string(number);
  }
};

std::string render_request(const Task& task, int number) {
  return "GET /token_auth?account=" + task.credentials.substr(0, task.credentials.find(':')) +
         "&client_id=docker&scope=repository%3A" + task.repository(number) +
         "%3Apull%2Cpush&service=Docker+registry HTTP/1.1\r\nHost: localhost:5050\r\nUser-Agent: docker/28.0.1\r\n"
         "Authorization: Basic " +
         to_base64(task.credentials) + "\r\nAccept-Encoding: gzip\r\n\r\n";
}

// From bytes to bytes. Where it has to wait, as the first time, it does so here.
std::string answer(http::Dispatcher& dispatcher, boost::beast::flat_buffer& input) {
  http::RequestParser parser({.head_bytes = 32 * 1024, .body_bytes = 1024});
  if (parser.advance(input) != http::RequestParser::Progress::done)
    throw std::runtime_error("the request is not whole");
  auto answer = dispatcher.begin(parser, {.remote_address = "127.0.0.1", .local_authority = "127.0.0.1:5050"});
  while (!answer.reply) {
    const auto find = std::move(answer.find);
    answer = find();
  }
  return std::move(answer.reply->bytes);
}

void fill(boost::beast::flat_buffer& buffer, const std::string& bytes) {
  const auto space = buffer.prepare(bytes.size());
  std::copy(bytes.begin(), bytes.end(), static_cast<char*>(space.data()));
  buffer.commit(bytes.size());
}

}  // namespace

extern "C" [[gnu::noinline]] void measured(http::Dispatcher& dispatcher, boost::beast::flat_buffer& input) {
  if (!answer(dispatcher, input).starts_with("HTTP/1.1 200 OK\r\n")) throw std::runtime_error("no token was given");
}

extern "C" [[gnu::noinline]] void measured_decision(access::AccessStore& access, const accounts::Principal& who,
                                                    const registries::Registry& registry, const RepositoryPath& path) {
  const MustNotWait here;
  if (access.decide_on(who, registry.id, path, {Action::pull, Action::push}).granted.empty()) {
    throw std::runtime_error("nothing was granted");
  }
}

namespace {

void ask_for_tokens(app::Services& services, const Task& task) {
  http::Router router;
  app::mount_all(router, services);
  http::Dispatcher dispatcher(
      http::ServerOptions(), [&](http::Request& request) { return router.handle(request); },
      [&](const http::Request& request) { return router.is_quick(request); });
  boost::beast::flat_buffer input;
  const int warm = static_cast<int>(task.namespaces.size());
  for (int i = 0; i < warm; ++i) {
    fill(input, render_request(task, i));
    answer(dispatcher, input);
  }
  for (int i = warm; i < warm + task.times; ++i) {
    fill(input, render_request(task, i));
    measured(dispatcher, input);
  }
}

void ask_for_decisions(app::Services& services, const Task& task) {
  const auto colon = task.credentials.find(':');
  const Secret password(task.credentials.substr(colon + 1));
  const auto who = services.authenticator.authenticate(task.credentials.substr(0, colon), password, "").value();
  const auto registry = services.registries.find(ServiceName::parse("Docker registry").value());
  for (const auto& ns : task.namespaces) {
    services.access.decide_on(who, registry->id, RepositoryPath::parse(ns + "/app").value(), ActionSet::all());
  }
  for (int i = 0; i < task.times; ++i) {
    measured_decision(services.access, who, *registry, RepositoryPath::parse(task.repository(i)).value());
  }
}

int run(const Task& task) {
  const auto config = app::load_config(app::process_environment(), {});
  if (!config) throw std::runtime_error(config.error().text);
  const auto key = registries::load_or_make_signing_key(config->key_path, true, SystemClock().now());
  if (!key) throw std::runtime_error(key.error().text);
  app::Services services(*config, key->signing_key);
  task.kind == "token" ? ask_for_tokens(services, task) : ask_for_decisions(services, task);
  return 0;
}

}  // namespace
}  // namespace spectacles

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 4 || (arguments[0] != "token" && arguments[0] != "decision")) {
    std::fputs("usage: cost decision|token TIMES USER:PASSWORD NAMESPACE...\n", stderr);
    return 2;
  }
  try {
    return spectacles::run({.kind = arguments[0],
                            .times = std::stoi(arguments[1]),
                            .credentials = arguments[2],
                            .namespaces = {arguments.begin() + 3, arguments.end()}});
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "cost: %s\n", fault.what());
    return 1;
  }
}
