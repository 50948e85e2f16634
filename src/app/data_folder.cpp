#include "app/data_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace spectacles::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, std::string_view reason) {
  throw std::runtime_error(fmt::format("SPECTACLES_DATA_DIR: {}: {}", folder.string(), reason));
}

[[noreturn]] void refuse_as_foreign(const fs::path& folder) {
  struct stat state {};
  if (::stat(folder.c_str(), &state) != 0) refuse(folder, std::strerror(errno));
  refuse(folder, fmt::format("the user {0} that this runs as cannot write there, it belongs to the user {1}; "
                             "chown {0}:{2} makes it right",
                             ::geteuid(), state.st_uid, ::getegid()));
}

}  // namespace

void prepare_data_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error) && !error) {
    if (!folder.parent_path().empty()) fs::create_directories(folder.parent_path(), error);
    if (error || (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)) {
      refuse(folder, error ? error.message() : std::strerror(errno));
    }
  }
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return;
  if (errno == EROFS) refuse(folder, "this file system is read-only; mount a writable volume there");
  refuse_as_foreign(folder);
}

}  // namespace spectacles::app
