// The web console: a single-page app that lies in the program. Every path that is not a file of it, and no path of the
// API, is a page of the app: its index.html, whose script then reads the path.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/router.h"
#include "web/asset.h"
#include "web/embedded.h"

namespace spectacles::web {

// Must outlive the server: answers point into it.
class Pages {
 public:
  // `web_root` is "" or "/prefix" without a slash at the end, of characters that need no escape in a URL. Without files
  // a built-in page says that the console was not built. Packs the files, so it takes some tens of milliseconds.
  Pages(EmbeddedFiles files, std::string_view web_root);
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  // A file of the console, or index.html for a path of the app; 304 when the client has it already. Refuses (not_found)
  // other methods than GET and HEAD, everything below /api, and files that the console does not hold: a path whose last
  // segment has a dot.
  Result<http::Response> answer(const http::Request& request) const;

  // The Content-Security-Policy of index.html.
  const std::string& policy() const { return policy_; }

 private:
  std::map<std::string, Asset, std::less<>> assets_;
  std::string policy_;
};

// For Router::add_fallback.
http::Handler pages_handler(const Pages& pages);

// The policy of a page: its own files, and exactly the inline scripts that `html` holds. Refuses inline styles, frames,
// foreign addresses, and text that becomes script (Trusted Types).
// https://www.w3.org/TR/CSP3/  https://www.w3.org/TR/trusted-types/
std::string content_security_policy(std::string_view html);

}  // namespace spectacles::web
