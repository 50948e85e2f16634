#include "http/web_url.h"

#include <boost/url/parse.hpp>

namespace spectacles::http {

Result<std::string> parse_web_url(std::string_view text) {
  constexpr std::size_t most_bytes = 500;
  while (text.ends_with('/')) text.remove_suffix(1);
  const auto url = boost::urls::parse_uri(text);
  const bool is_web = url && (url->scheme() == "http" || url->scheme() == "https") && !url->host().empty();
  if (!is_web || url->has_userinfo() || url->has_query() || url->has_fragment() || text.size() > most_bytes) {
    return refuse(RefusalKind::invalid, "must have the form https://host[:port][/path]");
  }
  return std::string(text);
}

}  // namespace spectacles::http
