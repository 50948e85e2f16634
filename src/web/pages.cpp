#include "web/pages.h"

#include <stdexcept>

#include "base/base64.h"
#include "crypto/digest.h"
#include "http/precondition.h"

namespace spectacles::web {
namespace {

constexpr std::string_view index_path = "/index.html";

constexpr EmbeddedFile built_without_console{
    index_path,
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Spectacles</title>"
    "<h1>Spectacles</h1><p>This program was built without its web console. "
    "The token endpoint and the REST interface work.</p></html>\n"};

// The policy's hash expressions of the scripts that stand in the page itself.
std::string hashes_of_inline_scripts(std::string_view html) {
  constexpr std::string_view open = "<script";
  constexpr std::string_view close = "</script>";
  std::string hashes;
  for (auto at = html.find(open); at != std::string_view::npos; at = html.find(open)) {
    html.remove_prefix(at + open.size());
    const auto start = html.find('>');
    const auto end = html.find(close);
    if (end == std::string_view::npos || start > end) {
      throw std::logic_error("a script of the console's page does not end");
    }
    const bool is_inline = html.substr(0, start).find(" src=") == std::string_view::npos;
    const auto script = html.substr(start + 1, end - start - 1);
    if (is_inline) hashes += " 'sha256-" + to_base64(crypto::sha256(script)) + "'";
    html.remove_prefix(end);
  }
  return hashes;
}

// Whether a path can be a page of the app, whose addresses hold no dot in their last segment.
bool is_page(std::string_view path) {
  if (path == "/api" || path.starts_with("/api/") || path.starts_with("/_app/")) return false;
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

}  // namespace

std::string content_security_policy(std::string_view html) {
  return "default-src 'none'; script-src 'self'" + hashes_of_inline_scripts(html) +
         "; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
         "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
         "trusted-types svelte-trusted-html";
}

Pages::Pages(EmbeddedFiles files, std::string_view web_root) {
  for (const EmbeddedFile& file : files) {
    assets_.emplace(file.path, prepare_asset(file.path, file.bytes, web_root));
  }
  if (!assets_.contains(index_path)) {
    assets_.emplace(index_path, prepare_asset(index_path, built_without_console.bytes, web_root));
  }
  policy_ = content_security_policy(assets_.find(index_path)->second.bytes);
}

Result<http::Response> Pages::answer(const http::Request& request) const {
  const std::string_view path = request.path;
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  auto found = assets_.find(path);
  if (!reads || (found == assets_.end() && !is_page(path))) {
    return refuse(RefusalKind::not_found, "There is nothing here.");
  }
  if (found == assets_.end()) found = assets_.find(index_path);

  const Asset& asset = found->second;
  const bool packed = !asset.gzip.empty() && accepts_gzip(request.header("accept-encoding"));
  std::string etag = asset.etag;
  if (packed) etag.insert(etag.size() - 1, "-gzip");

  http::Response response;
  response.with("Content-Type", asset.content_type).with("Cache-Control", asset.cache_control).with("ETag", etag);
  response.with("X-Content-Type-Options", "nosniff").with("Cross-Origin-Resource-Policy", "same-origin");
  if (!asset.gzip.empty()) response.with("Vary", "Accept-Encoding");
  if (found->first == index_path) {
    response.with("Content-Security-Policy", policy_)
        .with("Referrer-Policy", "same-origin")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("X-Frame-Options", "DENY")
        .with("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  }
  if (http::is_known(request, etag)) {
    response.status = 304;
    return response;
  }
  if (packed) response.with("Content-Encoding", "gzip");
  response.static_body = packed ? asset.gzip : asset.bytes;
  return response;
}

http::Handler pages_handler(const Pages& pages) {
  return [&pages](const http::Request& request) { return pages.answer(request); };
}

}  // namespace spectacles::web
