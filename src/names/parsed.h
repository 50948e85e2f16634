// What all names have in common: a text that was checked when the value was made. Each derived type has
//   static Result<T> parse(std::string_view text);
// and no other way to come into being, so who holds one need not check it again.
#pragma once

#include <compare>
#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace spectacles {

template <class Derived>
class Parsed {
 public:
  const std::string& str() const { return text_; }
  friend auto operator<=>(const Parsed&, const Parsed&) = default;

 protected:
  explicit Parsed(std::string text) : text_(std::move(text)) {}

 private:
  std::string text_;
};

}  // namespace spectacles

template <class T>
  requires std::derived_from<T, spectacles::Parsed<T>>
struct std::hash<T> {
  std::size_t operator()(const T& name) const { return std::hash<std::string>{}(name.str()); }
};
