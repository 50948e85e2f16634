#include "declare/error.h"

#include <fmt/format.h>

namespace spectacles::declare {

std::string render_error(const Error& error) {
  const std::string path = error.place.path.empty() ? "" : error.place.path + ": ";
  const std::string line = error.place.line == 0 ? "" : fmt::format(" (line {})", error.place.line);
  return path + error.text + line;
}

}  // namespace spectacles::declare
