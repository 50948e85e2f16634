// Strong<int64_t, struct AccountTag>: a number or text that cannot be mistaken for another of the same representation.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace spectacles {

template <class T, class Tag>
class Strong {
 public:
  using Value = T;

  explicit Strong(T value) : value_(std::move(value)) {}
  const T& value() const { return value_; }

  auto operator<=>(const Strong&) const = default;

 private:
  T value_;
};

}  // namespace spectacles

template <class T, class Tag>
struct std::hash<spectacles::Strong<T, Tag>> {
  std::size_t operator()(const spectacles::Strong<T, Tag>& id) const { return std::hash<T>{}(id.value()); }
};
