// The program's log: one event a line, a fixed message and fields that vary.
//
//   log::info("access refused", {{"user", name}, {"missing", actions}});
//   2026-03-01T12:00:00.123Z info access refused user=alice missing=push
//
// Values come from outside: control characters are escaped, so that one event stays one line. Never pass a secret.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace spectacles::log {

// Points to what it was made of, so that what is not written costs nothing.
struct Field {
  Field(std::string_view key_, std::string_view value) : key(key_), text(value) {}
  Field(std::string_view key_, const char* value) : key(key_), text(value) {}
  Field(std::string_view key_, const std::string& value) : key(key_), text(value) {}
  Field(std::string_view key_, std::integral auto value) : key(key_), number(static_cast<std::int64_t>(value)) {}

  std::string_view key;
  std::string_view text;
  std::optional<std::int64_t> number;
};

using Fields = std::initializer_list<Field>;

// Whether debug() writes anything: ask first where making the fields is not for nothing.
bool writes_debug();

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

// Until this is called events go to standard error. `file` adds a log file that is rotated at 10 MiB and kept five
// times; throws std::exception when it cannot be opened.
void start(std::optional<std::filesystem::path> file, bool with_debug);

// Text as a field shows it: bare when it is plain, else in quotes. Escaped are line feeds (\n) and byte by byte (\x1b)
// what is no valid UTF-8 and what unicode.h calls unprintable: the C1 controls, and marks that turn the direction of
// text.
std::string render_value(std::string_view value);

}  // namespace spectacles::log
