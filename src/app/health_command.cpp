#include "app/health_command.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <string>

#include "app/command.h"

namespace spectacles::app {
namespace {

constexpr long longest_seconds = 4;  // container engines are given five
constexpr std::size_t most_bytes = 4096;

std::size_t keep(const char* bytes, std::size_t, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + count > most_bytes) return 0;
  body.append(bytes, count);
  return count;
}

// Where to reach what listens on `listen`: any address is also this machine's own.
std::string own_url(const Config& config) {
  const auto& [address, port] = config.listen;
  const bool is_v6 = address.find(':') != std::string::npos;
  const auto host = address == "0.0.0.0" ? "127.0.0.1"
                    : address == "::"    ? "[::1]"
                    : is_v6              ? "[" + address + "]"
                                         : address;
  return fmt::format("{}://{}:{}/readyz", config.tls ? "https" : "http", host, port);
}

}  // namespace

int run_health(const Config& config) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
  if (!handle) return complain("there is no memory for a request", failed);
  const auto url = own_url(config);
  std::string body;
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, longest_seconds);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &body);
  if (config.tls) {
    curl_easy_setopt(handle.get(), CURLOPT_CAINFO, config.tls->certificate.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (const auto code = curl_easy_perform(handle.get()); code != CURLE_OK) {
    return complain(fmt::format("{}: {}", url, curl_easy_strerror(code)), failed);
  }
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 200) return done;
  while (body.ends_with('\n')) body.pop_back();
  return complain(fmt::format("{}: {} {}", url, status, body), failed);
}

}  // namespace spectacles::app
