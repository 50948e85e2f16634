#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "base/unicode.h"

namespace spectacles::log {
namespace {

constexpr std::size_t max_file_bytes = 10 * 1024 * 1024;
constexpr std::size_t kept_files = 5;
constexpr std::size_t most_waiting = 2048;  // lines
constexpr std::chrono::seconds patience{2};

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";

using Level = spdlog::level::level_enum;

int severity_of(Level level) {
  switch (level) {
    case spdlog::level::debug:
      return 7;
    case spdlog::level::warn:
      return 4;
    case spdlog::level::err:
      return 3;
    default:
      return 6;
  }
}

class OutletSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit OutletSink(Outlet outlet) : outlet_(std::move(outlet)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    outlet_({message.time, severity_of(message.level), {message.payload.data(), message.payload.size()}});
  }
  void flush_() override {}

  Outlet outlet_;
};

// Lines that one thread writes to `sink`.
class Queue {
 public:
  Queue(spdlog::sink_ptr sink, Format format, Level level)
      : pool_(std::make_shared<spdlog::details::thread_pool>(most_waiting, 1)),
        logger_(std::make_shared<spdlog::async_logger>("spectacles", std::move(sink), pool_,
                                                       spdlog::async_overflow_policy::overrun_oldest)) {
    const auto* pattern = format == Format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : text_pattern;
    logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
    logger_->set_level(level);
    logger_->flush_on(spdlog::level::info);
  }

  void write(Level level, std::string_view line) {
    logger_->log(level, spdlog::string_view_t(line.data(), line.size()));
  }

  bool is_empty() const { return pool_->queue_size() == 0; }
  std::uint64_t dropped() const { return pool_->overrun_counter(); }

 private:
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

std::shared_ptr<spdlog::logger> make_plain_logger() {
  auto logger = std::make_shared<spdlog::logger>("spectacles", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(text_pattern, spdlog::pattern_time_type::utc));
  return logger;
}

// Standard error, and the file if there is one, which is opened here.
std::vector<spdlog::sink_ptr> open_local(const Options& options) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  if (!options.file) return sinks;
  sinks.push_back(
      std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file->string(), max_file_bytes, kept_files));
  return sinks;
}

// Where events go once the log is started.
struct Started {
  Options options;
  std::shared_ptr<spdlog::sinks::dist_sink_mt> local = std::make_shared<spdlog::sinks::dist_sink_mt>();
  std::unique_ptr<Queue> to_local;
  std::unique_ptr<Queue> to_outlet;

  explicit Started(const Options& given) : options(given) {
    const auto level = options.with_debug ? spdlog::level::debug : spdlog::level::info;
    local->set_sinks(open_local(options));
    to_local = std::make_unique<Queue>(local, options.format, level);
    if (options.outlet) {
      to_outlet = std::make_unique<Queue>(std::make_shared<OutletSink>(options.outlet), options.format, level);
    }
  }

  bool is_empty() const { return to_local->is_empty() && (!to_outlet || to_outlet->is_empty()); }
  std::uint64_t dropped() const { return to_local->dropped() + (to_outlet ? to_outlet->dropped() : 0); }
};

// Set before threads start that log, and taken away after they have ended.
std::unique_ptr<Started>& started() {
  static std::unique_ptr<Started> instance;
  return instance;
}

bool is_written(Level level) {
  return level != spdlog::level::debug || (started() && started()->options.with_debug);
}

std::string render_text(std::string_view message, Fields fields) {
  std::string line(message);
  for (const auto& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    line += field.number ? std::to_string(*field.number) : render_value(field.text);
  }
  return line;
}

// Between double quotes; `escape` writes a byte that is not to be shown as it is.
template <class Escape>
std::string quote(std::string_view value, Escape escape) {
  std::string quoted = "\"";
  while (!value.empty()) {
    const auto printable = printable_prefix(value);
    for (const char c : printable) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    value.remove_prefix(printable.size());
    if (value.empty()) break;
    quoted += escape(static_cast<unsigned char>(value.front()));
    value.remove_prefix(1);
  }
  return quoted + '"';
}

std::string json_string(std::string_view value) {
  constexpr unsigned char first_of_many = 0x80;
  return quote(value, [](unsigned char byte) {
    return byte < first_of_many ? fmt::format("\\u{:04x}", byte) : std::string("\\ufffd");
  });
}

// The members of an object.
std::string render_json(std::string_view message, Fields fields) {
  std::string line = R"("message":)" + json_string(message);
  for (const auto& field : fields) {
    line += ',';
    line += json_string(field.key);
    line += ':';
    line += field.number ? std::to_string(*field.number) : json_string(field.text);
  }
  return line;
}

void write(Level level, std::string_view message, Fields fields) {
  if (!is_written(level)) return;
  if (!started()) {
    static const auto plain = make_plain_logger();
    plain->log(level, "{}", render_text(message, fields));
    return;
  }
  const auto line =
      started()->options.format == Format::json ? render_json(message, fields) : render_text(message, fields);
  started()->to_local->write(level, line);
  if (started()->to_outlet) started()->to_outlet->write(level, line);
}

// Whether a printable value that holds `c` can still be told from what stands around it without quotes.
bool is_plain(char c) {
  return c != ' ' && c != '"' && c != '\\' && c != '=';
}

}  // namespace

bool writes_debug() {
  return is_written(spdlog::level::debug);
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

void start(const Options& options) {
  started() = std::make_unique<Started>(options);
}

void reopen() {
  if (!started() || !started()->options.file) return;
  started()->local->set_sinks(open_local(started()->options));
}

void stop() {
  if (!started()) return;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!started()->is_empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // A writer that still hangs is left to the end of the process.
  if (started()->is_empty()) {
    started().reset();
  } else {
    (void)started().release();
  }
}

std::uint64_t dropped() {
  return started() ? started()->dropped() : 0;
}

std::string render_value(std::string_view value) {
  const bool all_printable = printable_prefix(value).size() == value.size();
  if (!value.empty() && all_printable && std::all_of(value.begin(), value.end(), is_plain)) return std::string(value);
  return quote(value, [](unsigned char byte) { return byte == '\n' ? "\\n" : fmt::format("\\x{:02x}", byte); });
}

}  // namespace spectacles::log
