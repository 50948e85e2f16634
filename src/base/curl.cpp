#include "base/curl.h"

#include <sys/socket.h>

#include <mutex>
#include <new>
#include <stdexcept>

namespace spectacles::curl {
namespace {

// Here and not after a look-up of our own: a name that resolves differently the second time gains nothing.
curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& guard = *static_cast<Guard*>(self);
  if (guard.is_forbidden(address->addr)) {
    guard.met_forbidden = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int is_stopped(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Guard*>(self)->stop.stop_requested() ? 1 : 0;
}

}  // namespace

void refuse_option(CURLcode code) {
  throw std::runtime_error(std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

void append(HeaderList& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  [[maybe_unused]] auto* same = list.release();
  list.reset(longer);
}

Handle make(std::chrono::milliseconds connect, std::chrono::milliseconds total) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Handle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  set(handle.get(), CURLOPT_NOSIGNAL, 1L);
  set(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  set(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(total.count()));
  set(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
  set(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle.get(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle.get(), CURLOPT_PATH_AS_IS, 1L);
  set(handle.get(), CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  return handle;
}

void set_guard(CURL* handle, Guard& guard) {
  set(handle, CURLOPT_OPENSOCKETDATA, &guard);
  set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFODATA, &guard);
  set(handle, CURLOPT_XFERINFOFUNCTION, &is_stopped);
}

}  // namespace spectacles::curl
