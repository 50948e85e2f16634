// The program's log: one event a line, a fixed message and fields that vary.
//
//   log::info("access refused", {{"user", name}, {"missing", actions}});
//   2026-03-01T12:00:00.123Z info access refused user=alice missing=push
//
// Values come from outside: control characters are escaped, so that one event stays one line. Never pass a secret.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
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

enum class Format { text, json };

// A line with its level and time goes to a place of somebody else's, as a syslog server. Called by one thread, which
// waits for it: lines that come meanwhile wait in a queue of bounded length, and the oldest are dropped beyond it.
struct Line {
  std::chrono::system_clock::time_point time;
  int severity;  // of RFC 5424: 3 error, 4 warning, 6 informational, 7 debug
  std::string_view text;
};
using Outlet = std::function<void(const Line&)>;

struct Options {
  std::optional<std::filesystem::path> file = {};  // rotated at 10 MiB and kept five times
  Format format = Format::text;
  bool with_debug = false;
  Outlet outlet = {};  // if given, beside standard error and the file
};

// Until this is called, events are written to standard error while the caller waits. From then on threads of the log
// write them: neither a full disk nor a reader that hangs stalls who logs. Throws std::exception when the file cannot
// be opened. `key=value` of text is a member of an object of JSON.
void start(const Options& options);

// Opens the file anew, after somebody has moved it away.
void reopen();

// Writes what waits, for two seconds at most, and goes on as before start().
void stop();

// How many lines were dropped since start(), because what they were written to was too slow.
std::uint64_t dropped();

// Text as a field shows it: bare when it is plain, else in quotes. Escaped are line feeds (\n) and byte by byte (\x1b)
// what is no valid UTF-8 and what unicode.h calls unprintable: the C1 controls, and marks that turn the direction of
// text.
std::string render_value(std::string_view value);

}  // namespace spectacles::log
