#include "web/asset.h"

#include <zlib.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::web {
namespace {

struct Kind {
  std::string_view extension;
  std::string_view content_type;
  bool text;
};

constexpr std::array<Kind, 8> kinds{{
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".svg", "image/svg+xml", true},
    {".json", "application/json", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".png", "image/png", false},
    {".woff2", "font/woff2", false},
}};

const Kind* find_kind(std::string_view path) {
  for (const Kind& kind : kinds) {
    if (path.ends_with(kind.extension)) return &kind;
  }
  return nullptr;
}

std::string replace_all(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    result.append(text.substr(0, at)).append(by);
    text.remove_prefix(at + what.size());
  }
  return result.append(text);
}

std::string gzip(std::string_view bytes) {
  constexpr int gzip_format = 15 + 16;  // window bits, and gzip's own header instead of zlib's
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_format, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib does not start");
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int outcome = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END) throw std::runtime_error("zlib cannot pack a page");
  return packed;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

// Cuts the text before the next separator off `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const auto piece = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return trim(piece);
}

}  // namespace

std::string_view content_type_of(std::string_view path) {
  const Kind* kind = find_kind(path);
  return kind ? kind->content_type : "application/octet-stream";
}

Asset prepare_asset(std::string_view path, std::string_view bytes, std::string_view web_root) {
  const Kind* kind = find_kind(path);
  const bool text = kind && kind->text;
  // Names below immutable/ hold a hash of the content as built; the placeholder's replacement only changes with a
  // restart under another path, and so under other addresses.
  const bool immutable = path.starts_with("/_app/immutable/");
  Asset asset;
  asset.content_type = content_type_of(path);
  asset.cache_control = immutable ? "public, max-age=31536000, immutable" : "no-cache";
  asset.bytes = text ? replace_all(bytes, base_placeholder, web_root) : std::string(bytes);
  asset.etag = '"' + to_base64url(crypto::sha256(asset.bytes)).substr(0, 22) + '"';
  if (text) {
    auto packed = gzip(asset.bytes);
    if (packed.size() < asset.bytes.size()) asset.gzip = std::move(packed);
  }
  return asset;
}

bool accepts_gzip(const std::optional<std::string>& accept_encoding) {
  if (!accept_encoding) return false;
  bool any = false;
  for (std::string_view rest = *accept_encoding; !rest.empty();) {
    std::string_view element = take(rest, ',');
    const auto coding = take(element, ';');
    const auto weight = take(element, ';');
    const bool refused = weight.starts_with("q=0") && weight.find_first_not_of("q=0.") == std::string_view::npos;
    if (coding == "gzip" || coding == "x-gzip") return !refused;
    if (coding == "*") any = !refused;
  }
  return any;
}

}  // namespace spectacles::web
