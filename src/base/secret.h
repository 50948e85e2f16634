// A text that must not be seen: it has no formatter, compares in constant time and wipes its memory.
#pragma once

#include <string>
#include <string_view>

namespace spectacles {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text);
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The text itself, for the one place that needs it.
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  // Takes the same time wherever the texts differ (their lengths are not hidden).
  friend bool operator==(const Secret& left, const Secret& right) {
    return constant_time_equal(left.text_, right.text_);
  }

  static bool constant_time_equal(std::string_view left, std::string_view right);

 private:
  void wipe() noexcept;

  std::string text_;
};

}  // namespace spectacles
