#include "app/health_command.h"

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "app/command.h"
#include "app/load_key.h"
#include "base/curl.h"

namespace spectacles::app {
namespace {

constexpr std::chrono::seconds longest{4};  // container engines are given five
constexpr std::size_t most_bytes = 4096;

std::size_t keep(const char* bytes, std::size_t, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + count > most_bytes) return 0;
  body.append(bytes, count);
  return count;
}

}  // namespace

int run_health(const Config& config) {
  const auto handle = curl::make(longest, longest);
  const auto url = listen_url(config) + "/readyz";
  std::string body;
  curl::set(handle.get(), CURLOPT_URL, url.c_str());
  curl::set(handle.get(), CURLOPT_PROXY, "");
  curl::set(handle.get(), CURLOPT_WRITEFUNCTION, &keep);
  curl::set(handle.get(), CURLOPT_WRITEDATA, &body);
  if (config.tls) {
    curl::set(handle.get(), CURLOPT_CAINFO, config.tls->certificate.c_str());
    curl::set(handle.get(), CURLOPT_SSL_VERIFYHOST, 0L);
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
