// What every use of libcurl here has in common, for the .cpp files that speak through it: handles that clean up after
// themselves, and the limits within which nobody's server is trusted.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

namespace spectacles::curl {

struct Deleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Deleter>;
using HeaderList = std::unique_ptr<curl_slist, Deleter>;

[[noreturn]] void refuse_option(CURLcode code);

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (const auto code = curl_easy_setopt(handle, option, value); code != CURLE_OK) refuse_option(code);
}

void append(HeaderList& list, const std::string& line);

// A new handle: HTTP/1.1 and TLS 1.2 or later, no redirects, nothing of the environment's secrets, and no longer than
// these times.
Handle make(std::chrono::milliseconds connect, std::chrono::milliseconds total);

// Watches over a transfer: it goes to no address that is forbidden, and ends within about a second when a stop is asked
// for.
struct Guard {
  bool (*is_forbidden)(const sockaddr& address);
  std::stop_token stop;
  bool met_forbidden = false;  // among the addresses that were tried
};

// `guard` must outlive the handle.
void set_guard(CURL* handle, Guard& guard);

}  // namespace spectacles::curl
