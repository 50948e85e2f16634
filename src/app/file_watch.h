// Tells when files change, by their time, size and place on the disk: also when another file takes the place of the old
// one, as certificate tools do it and as mounted secrets change.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace spectacles::app {

class FileWatch {
 public:
  explicit FileWatch(std::vector<std::filesystem::path> files);

  // Whether one of them is otherwise than when this was asked last, and the same for at least a look in between, so
  // that who writes several has time to finish. Ask every second or two.
  bool changed();

 private:
  struct State {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t size = -1;  // -1: not there
    std::uint64_t inode = 0;

    bool operator==(const State&) const = default;
  };
  using States = std::vector<State>;

  States look() const;

  std::vector<std::filesystem::path> files_;
  States known_;
  std::optional<States> seen_;  // changed, and not yet told
};

}  // namespace spectacles::app
