#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/unicode.h"

namespace spectacles::log {
namespace {

constexpr std::size_t max_file_bytes = 10 * 1024 * 1024;
constexpr std::size_t kept_files = 5;

std::shared_ptr<spdlog::logger> make_logger(std::vector<spdlog::sink_ptr> sinks, bool with_debug) {
  auto logger = std::make_shared<spdlog::logger>("spectacles", sinks.begin(), sinks.end());
  logger->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
  logger->set_level(with_debug ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  return logger;
}

std::shared_ptr<spdlog::logger>& current() {
  static auto logger = make_logger({std::make_shared<spdlog::sinks::stderr_sink_mt>()}, false);
  return logger;
}

void write(spdlog::level::level_enum level, std::string_view message, Fields fields) {
  auto& logger = current();
  if (!logger->should_log(level)) return;
  std::string line(message);
  for (const auto& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    line += field.number ? std::to_string(*field.number) : render_value(field.text);
  }
  logger->log(level, "{}", line);
}

// Whether a printable value that holds `c` can still be told from what stands around it without quotes.
bool is_plain(char c) {
  return c != ' ' && c != '"' && c != '\\' && c != '=';
}

}  // namespace

bool writes_debug() {
  return current()->should_log(spdlog::level::debug);
}

void debug(std::string_view message, Fields fields) {
  write(spdlog::level::debug, message, fields);
}
void info(std::string_view message, Fields fields) {
  write(spdlog::level::info, message, fields);
}
void warn(std::string_view message, Fields fields) {
  write(spdlog::level::warn, message, fields);
}
void error(std::string_view message, Fields fields) {
  write(spdlog::level::err, message, fields);
}

void start(std::optional<std::filesystem::path> file, bool with_debug) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  if (file) {
    sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file->string(), max_file_bytes, kept_files));
  }
  current() = make_logger(std::move(sinks), with_debug);
}

std::string render_value(std::string_view value) {
  const bool all_printable = printable_prefix(value).size() == value.size();
  if (!value.empty() && all_printable && std::all_of(value.begin(), value.end(), is_plain)) return std::string(value);
  std::string quoted = "\"";
  while (!value.empty()) {
    const auto printable = printable_prefix(value);
    for (const char c : printable) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    value.remove_prefix(printable.size());
    if (value.empty()) break;
    const char unprintable = value.front();
    quoted += unprintable == '\n' ? "\\n" : fmt::format("\\x{:02x}", static_cast<unsigned char>(unprintable));
    value.remove_prefix(1);
  }
  return quoted + '"';
}

}  // namespace spectacles::log
