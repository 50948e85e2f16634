// How far a pass is, on standard error: a bar that moves on a terminal, a line every few seconds elsewhere.
#pragma once

#include <chrono>
#include <string>

#include "catalog/repository.h"

namespace spectacles::app {

// "[####......] 40 of 100 repositories, 800 tags, 12 new manifests"
std::string render_bar(const catalog::SyncProgress& progress);

class ProgressLine {
 public:
  explicit ProgressLine(std::string name);

  void show(const catalog::SyncProgress& progress);  // as often as one likes
  void say(const std::string& text);                 // once for the same text
  void end();                                        // leaves the terminal as it was

 private:
  void print(const std::string& text);

  const std::string name_;
  const bool is_terminal_;
  bool is_shown_ = false;
  std::string said_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace spectacles::app
