#include "hooks/post_http.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <memory>
#include <mutex>
#include <stdexcept>

#include "registries/net_address.h"

namespace spectacles::hooks {
namespace {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, CurlDeleter>;
using HeaderList = std::unique_ptr<curl_slist, CurlDeleter>;

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (const auto code = curl_easy_setopt(handle, option, value); code != CURLE_OK) {
    throw std::runtime_error(std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
  }
}

void append(HeaderList& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  [[maybe_unused]] auto* same = list.release();
  list.reset(longer);
}

// What the callbacks of one delivery share.
struct Watch {
  static constexpr std::size_t most_bytes = std::size_t{64} * 1024;

  std::stop_token stop;
  std::size_t bytes = 0;  // of headers and body
  bool met_forbidden = false;

  bool take(std::size_t more) {
    bytes += more;
    return bytes <= most_bytes;
  }

  // Here and not after a look-up of our own: a name that resolves differently the second time gains nothing.
  curl_socket_t open(const curl_sockaddr& address) {
    met_forbidden = registries::is_forbidden(address.addr);
    if (met_forbidden) return CURL_SOCKET_BAD;
    return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  }
};

void set_limits(CURL* handle, const PostLimits& limits) {
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_PATH_AS_IS, 1L);
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_USERAGENT, "spectacles-webhook");
}

void set_callbacks(CURL* handle, Watch& watch) {
  const auto take = +[](char*, std::size_t, std::size_t size, void* self) {
    return static_cast<Watch*>(self)->take(size) ? size : std::size_t{0};
  };
  set(handle, CURLOPT_WRITEDATA, &watch);
  set(handle, CURLOPT_WRITEFUNCTION, take);
  set(handle, CURLOPT_HEADERDATA, &watch);
  set(handle, CURLOPT_HEADERFUNCTION, take);
  set(handle, CURLOPT_OPENSOCKETDATA, &watch);
  set(
      handle, CURLOPT_OPENSOCKETFUNCTION,
      +[](void* self, curlsocktype, curl_sockaddr* address) { return static_cast<Watch*>(self)->open(*address); });
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFODATA, &watch);
  set(
      handle, CURLOPT_XFERINFOFUNCTION, +[](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Watch*>(self)->stop.stop_requested() ? 1 : 0;
      });
}

PostAnswer explain(CURL* handle, CURLcode code, const Watch& watch) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (watch.met_forbidden) {
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
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const Handle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  HeaderList list;
  append(list, "Content-Type: application/json");
  append(list, "Expect:");  // no question beforehand
  for (const auto& [name, value] : headers) append(list, name + ": " + value);
  Watch watch{.stop = stop};
  set_limits(handle.get(), limits);
  set_callbacks(handle.get(), watch);
  set(handle.get(), CURLOPT_URL, url.str().c_str());
  set(handle.get(), CURLOPT_HTTPHEADER, list.get());
  set(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  set(handle.get(), CURLOPT_POSTFIELDS, body.c_str());
  const auto code = curl_easy_perform(handle.get());
  return explain(handle.get(), code, watch);
}

}  // namespace spectacles::hooks
