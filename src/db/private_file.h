// Files that nobody but their owner may read.
#pragma once

#include <filesystem>

namespace spectacles::db {

// Creates an empty `file` with mode 0600 and the folders that are missing above it with mode 0700. What exists already
// is left as it is. Throws db::Error naming the path.
void create_private_file(const std::filesystem::path& file);

}  // namespace spectacles::db
