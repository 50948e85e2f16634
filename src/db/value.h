// How C++ values become SQL values and back.
//
// Every engine hands over every column as text, which is exact for all 64-bit numbers on all of them (SOCI's own
// dynamic rows cut SQLite integers to 32 bits).
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/clock.h"
#include "base/strong.h"

namespace spectacles::db {

// NULL, a number, a text.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

// The same while the text stands somewhere else.
using Cell = std::variant<std::monostate, std::int64_t, std::string_view>;

// A type with a textual form that it can be parsed from, as those of src/names.
template <class T>
concept ParsedName = requires(const T& value, std::string_view text) {
  { value.str() } -> std::convertible_to<std::string>;
  { T::parse(text).value() } -> std::convertible_to<T>;
};

inline Value to_value(const Value& value) {
  return value;
}
inline Value to_value(std::int64_t number) {
  return number;
}
inline Value to_value(int number) {
  return std::int64_t{number};
}
inline Value to_value(bool truth) {
  return std::int64_t{truth ? 1 : 0};
}
inline Value to_value(std::string_view text) {
  return std::string(text);
}
inline Value to_value(const std::string& text) {
  return text;
}
inline Value to_value(const char* text) {
  return std::string(text);
}
inline Value to_value(Time time) {
  return to_millis(time);
}
inline Value to_value(std::monostate nothing) {
  return nothing;
}
inline Value to_value(std::nullopt_t) {
  return std::monostate{};
}

template <class Tag>
Value to_value(const Strong<std::int64_t, Tag>& id) {
  return id.value();
}

template <ParsedName T>
Value to_value(const T& name) {
  return std::string(name.str());
}

template <class T>
Value to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Value{std::monostate{}};
}

inline std::int64_t parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::runtime_error("the database holds a column that is not the integer it should be");
  }
  return number;
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
struct IsStrongInteger : std::false_type {};
template <class Tag>
struct IsStrongInteger<Strong<std::int64_t, Tag>> : std::true_type {};

// Reads a column as T: std::int64_t, bool, std::string, Time, a strong id, a parsed name, or std::optional of these.
// Throws std::exception when the column is NULL and T is not optional, or does not hold a T.
template <class T>
T from_column(const std::optional<std::string>& column) {
  if constexpr (IsOptional<T>::value) {
    if (!column) return std::nullopt;
    return from_column<typename T::value_type>(column);
  } else {
    if (!column) throw std::runtime_error("the database holds NULL in a column that should have a value");
    if constexpr (std::is_same_v<T, std::string>) {
      return *column;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      return parse_integer(*column);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (*column == "t" || *column == "f") return *column == "t";  // PostgreSQL's boolean: exists(...), a = b
      return parse_integer(*column) != 0;
    } else if constexpr (std::is_same_v<T, Time>) {
      return from_millis(parse_integer(*column));
    } else if constexpr (IsStrongInteger<T>::value) {
      return T(parse_integer(*column));
    } else {
      static_assert(ParsedName<T>, "no way to read this type from a column");
      return T::parse(*column).value();
    }
  }
}

}  // namespace spectacles::db
