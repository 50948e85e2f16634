#include "app/file_watch.h"

#include <sys/stat.h>

namespace spectacles::app {

FileWatch::FileWatch(std::vector<std::filesystem::path> files) : files_(std::move(files)), known_(look()) {}

FileWatch::States FileWatch::look() const {
  States states;
  states.reserve(files_.size());
  for (const auto& file : files_) {
    struct stat found {};
    State state;
    if (::stat(file.c_str(), &found) == 0) {
      state = {found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size, found.st_ino};
    }
    states.push_back(state);
  }
  return states;
}

bool FileWatch::changed() {
  auto now = look();
  if (now == known_) {
    seen_.reset();
    return false;
  }
  if (seen_ != now) {
    seen_ = std::move(now);
    return false;
  }
  known_ = std::move(now);
  seen_.reset();
  return true;
}

}  // namespace spectacles::app
