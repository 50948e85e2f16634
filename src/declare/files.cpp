#include "declare/files.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace spectacles::declare {

Result<std::string> read_all(std::istream& stream, std::size_t max_bytes) {
  std::string out;
  std::array<char, 65536> buffer;
  while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0) {
    out.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
    if (out.size() > max_bytes) {
      return refuse(RefusalKind::too_large, fmt::format("cannot be read: it has more than {} bytes", max_bytes));
    }
  }
  if (stream.bad()) return refuse(RefusalKind::invalid, "cannot be read: input/output error");
  return out;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return refuse(RefusalKind::invalid, fmt::format("cannot be read: {} is a folder", path.string()));
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return refuse(RefusalKind::not_found,
                  fmt::format("cannot be read: {}: {}", path.string(), std::generic_category().message(errno)));
  }
  return read_all(stream, max_bytes);
}

}  // namespace spectacles::declare
