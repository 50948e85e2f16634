#include "app/load_key.h"

#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>

#include "base/clock.h"
#include "registries/settings.h"

namespace spectacles::app {

std::string listen_url(const Config& config) {
  const auto& [address, port] = config.listen;
  const bool is_v6 = address.find(':') != std::string::npos;
  const bool is_any = address == "0.0.0.0" || address == "::";
  const auto host = is_any ? "localhost" : is_v6 ? "[" + address + "]" : address;
  return fmt::format("{}://{}:{}{}", config.tls ? "https" : "http", host, port, config.web_root);
}

namespace {

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

}  // namespace

registries::SigningKey load_key(const Config& config) {
  const auto loaded = registries::load_or_make_signing_key(config.key_path, config.may_make_key, SystemClock().now());
  if (!loaded) throw std::runtime_error("SPECTACLES_PRIV_KEY_PATH: " + loaded.error().text);
  if (loaded->made_now) print_registry_settings(config, loaded->signing_key);
  return loaded->signing_key;
}

}  // namespace spectacles::app
