// One file of the console, made ready once at start for every way in which it can be asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spectacles::web {

struct Asset {
  std::string content_type;
  std::string cache_control;
  std::string etag;  // of `bytes`, quoted; the packed variant's ends in "-gzip"
  std::string bytes;
  std::string gzip;  // empty when packing does not pay
};

// The console is built for a base path that stands for WEB_ROOT; files hold this text wherever that is meant.
inline constexpr std::string_view base_placeholder = "/__spectacles_root__";

// Puts `web_root` ("" or "/prefix") in the place of the placeholder in text files, and packs what can be packed.
Asset prepare_asset(std::string_view path, std::string_view bytes, std::string_view web_root);

// By the file name's extension; application/octet-stream for what the console has no reason to hold.
std::string_view content_type_of(std::string_view path);

// Whether gzip is acceptable to an Accept-Encoding header (RFC 9110 12.5.3); without the header it is not used.
bool accepts_gzip(const std::optional<std::string>& accept_encoding);

}  // namespace spectacles::web
