// Files that a document is in, or names.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>

#include "base/result.h"

namespace spectacles::declare {

// All that `stream` has; refuses more than `max_bytes`.
Result<std::string> read_all(std::istream& stream, std::size_t max_bytes);

// The bytes of a file. Refuses what cannot be read, a folder, and more than `max_bytes`.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace spectacles::declare
