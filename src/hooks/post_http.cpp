#include "hooks/post_http.h"

#include <fmt/format.h>

#include "base/curl.h"
#include "registries/net_address.h"

namespace spectacles::hooks {
namespace {

using curl::set;

// What the callbacks of one delivery share.
struct Watch {
  static constexpr std::size_t most_bytes = std::size_t{64} * 1024;

  curl::Guard guard;
  std::size_t bytes = 0;  // of headers and body

  bool take(std::size_t more) {
    bytes += more;
    return bytes <= most_bytes;
  }
};

void set_callbacks(CURL* handle, Watch& watch) {
  curl::set_guard(handle, watch.guard);
  const auto take = +[](char*, std::size_t, std::size_t size, void* self) {
    return static_cast<Watch*>(self)->take(size) ? size : std::size_t{0};
  };
  set(handle, CURLOPT_WRITEDATA, &watch);
  set(handle, CURLOPT_WRITEFUNCTION, take);
  set(handle, CURLOPT_HEADERDATA, &watch);
  set(handle, CURLOPT_HEADERFUNCTION, take);
}

PostAnswer explain(CURL* handle, CURLcode code, const Watch& watch) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_COULDNT_CONNECT && watch.guard.met_forbidden) {
    return {{}, "the name stands for a link-local, multicast or unspecified address"};
  }
  // Whatever is wrong with the body of an answer: there was one.
  const bool is_answered = status >= 200 && (code == CURLE_OK || code == CURLE_WRITE_ERROR);
  if (!is_answered) return {{}, curl_easy_strerror(code)};
  return {static_cast<int>(status), status < 300 ? "" : "the answer was not one of success"};
}

}  // namespace

PostAnswer post(const WebhookUrl& url, const std::vector<std::pair<std::string, std::string>>& headers,
                const std::string& body, const PostLimits& limits, const std::stop_token& stop) {
  Watch watch{.guard = {.is_forbidden = registries::is_forbidden, .stop = stop}};
  const auto handle = curl::make(limits.connect, limits.total);
  curl::HeaderList list;
  curl::append(list, "Content-Type: application/json");
  curl::append(list, "Expect:");  // no question beforehand
  for (const auto& [name, value] : headers) curl::append(list, fmt::format("{}: {}", name, value));
  set_callbacks(handle.get(), watch);
  set(handle.get(), CURLOPT_USERAGENT, "spectacles-webhook");
  set(handle.get(), CURLOPT_URL, url.str().c_str());
  set(handle.get(), CURLOPT_HTTPHEADER, list.get());
  set(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  set(handle.get(), CURLOPT_POSTFIELDS, body.c_str());
  const auto code = curl_easy_perform(handle.get());
  return explain(handle.get(), code, watch);
}

}  // namespace spectacles::hooks
