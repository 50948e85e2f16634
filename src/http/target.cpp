#include "http/target.h"

#include <algorithm>
#include <cctype>

#include "base/ascii.h"
#include "http/percent.h"

namespace spectacles::http {
namespace {

bool is_visible(char c) {
  return c > 0x20 && c < 0x7f;
}

bool is_control(char c) {
  return std::iscntrl(static_cast<unsigned char>(c)) != 0;
}

bool has_encoded_slash(std::string_view path) {
  return path.find("%2f") != std::string_view::npos || path.find("%2F") != std::string_view::npos;
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

Result<std::string> decode_path(std::string_view path) {
  auto decoded = percent_decode(path);
  if (!decoded) return refuse(RefusalKind::invalid, "a '%' in the path is not followed by two hexadecimal digits");
  if (has_encoded_slash(path)) return refuse(RefusalKind::invalid, "the path must not hold an encoded '/'");
  if (!is_utf8(*decoded)) return refuse(RefusalKind::invalid, "the path must be UTF-8");
  if (std::any_of(decoded->begin(), decoded->end(), is_control)) {
    return refuse(RefusalKind::invalid, "the path must not hold control characters");
  }
  if (has_dot_segment(*decoded)) return refuse(RefusalKind::invalid, "the path must not hold '.' or '..' as a segment");
  return *std::move(decoded);
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
}

// Takes "http://host" or "https://host" off `text` and returns the host; nothing when it does not begin so.
std::optional<std::string_view> take_authority(std::string_view& text) {
  const auto begin = text.find("://");
  if (begin != 4 && begin != 5) return std::nullopt;
  const auto scheme = to_lower(text.substr(0, begin));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  text.remove_prefix(begin + 3);
  const auto host = text.substr(0, text.find_first_of("/?"));
  text.remove_prefix(host.size());
  return host;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_visible) || text.find('#') != std::string_view::npos) {
    return refuse(RefusalKind::invalid, "the request target holds a character that must be percent-encoded");
  }
  Target target;
  if (!text.starts_with('/')) {
    const auto host = take_authority(text);
    if (!host || !is_authority(*host)) {
      return refuse(RefusalKind::invalid, "the request target must be a path or an http URL");
    }
    target.host = *host;
  }
  const auto mark = text.find('?');
  if (mark != std::string_view::npos) target.query = text.substr(mark + 1);
  const auto raw_path = text.substr(0, mark);
  auto path = decode_path(raw_path.empty() ? "/" : raw_path);
  if (!path) return pass_on(path);
  target.path = *std::move(path);
  return target;
}

bool is_authority(std::string_view text) {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const auto address = text.substr(1, end - 1);
    if (address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
    ++end;
  } else {
    while (end < text.size() && is_name_character(text[end])) ++end;
    if (end == 0) return false;
  }
  if (end == text.size()) return true;
  const auto port = text.substr(end + 1);
  return text[end] == ':' && !port.empty() && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::string> behind_web_root(const std::string& path, std::string_view web_root,
                                           const std::vector<std::string>& also) {
  if (web_root.empty()) return path;
  if (path == web_root) return "/";
  if (path.starts_with(web_root) && path[web_root.size()] == '/') return path.substr(web_root.size());
  if (std::find(also.begin(), also.end(), path) != also.end()) return path;
  return std::nullopt;
}

}  // namespace spectacles::http
