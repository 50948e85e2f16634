#include "app/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace spectacles::app {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t bar_width = 24;

std::string render_filled(std::int64_t done, std::int64_t total) {
  const auto filled = std::clamp<std::int64_t>(done * bar_width / std::max<std::int64_t>(1, total), 0, bar_width);
  return fmt::format("[{}{}]", std::string(static_cast<std::size_t>(filled), '#'),
                     std::string(static_cast<std::size_t>(bar_width - filled), '.'));
}

}  // namespace

std::string render_bar(const catalog::SyncProgress& progress) {
  if (progress.phase == "catalog") return "reading the list of repositories";
  if (progress.phase == "removal") return "looking for what is gone";
  if (progress.phase == "details") {
    return fmt::format("{} {} of {} configurations", render_filled(progress.missing_done, progress.missing_total),
                       progress.missing_done, progress.missing_total);
  }
  return fmt::format("{} {} of {} repositories, {} tags, {} new manifests",
                     render_filled(progress.repositories_done, progress.repositories_total), progress.repositories_done,
                     progress.repositories_total, progress.tags_done, progress.details_done);
}

ProgressLine::ProgressLine(std::string name)
    : name_(std::move(name)),
      is_terminal_(::isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + (is_terminal_ ? 0s : 5s)) {}

void ProgressLine::show(const catalog::SyncProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + (is_terminal_ ? std::chrono::milliseconds(100) : 5s);
  print(render_bar(progress));
}

void ProgressLine::say(const std::string& text) {
  if (said_ == text) return;
  said_ = text;
  print(text);
}

void ProgressLine::end() {
  if (is_shown_) fmt::print(stderr, "\r\x1b[K");
  is_shown_ = false;
}

void ProgressLine::print(const std::string& text) {
  if (is_terminal_) {
    fmt::print(stderr, "\r\x1b[K{}: {}", name_, text);
    is_shown_ = true;
  } else {
    fmt::print(stderr, "{}: {}\n", name_, text);
  }
  std::fflush(stderr);
}

}  // namespace spectacles::app
