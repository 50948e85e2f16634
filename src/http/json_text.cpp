#include "http/json_text.h"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace spectacles::http {
namespace {

namespace json = boost::json;

// Builds the value as json::parser does, and watches: json::parser itself keeps the last of two members of one name and
// tells nobody, so the names must be compared while they pass.
class Builder {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  Builder() { stack_.reset(); }

  json::value release() { return stack_.release(); }
  const std::optional<Refusal>& refusal() const { return refusal_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    levels_.push_back({.is_array = false});
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code&) {
    stack_.push_object(count);
    levels_.pop_back();
    return value_ended();
  }
  bool on_array_begin(json::error_code&) {
    levels_.push_back({.is_array = true});
    return true;
  }
  bool on_array_end(std::size_t count, json::error_code&) {
    stack_.push_array(count);
    levels_.pop_back();
    return value_ended();
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code& error) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return has_no_nul(part, error);
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    key_.append(part.data(), part.size());
    stack_.push_key(part);
    auto& level = levels_.back();
    level.key = std::move(key_);
    key_.clear();
    if (!level.seen.insert(level.key).second) return stop("is there twice", error);
    return has_no_nul(part, error);
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code& error) {
    stack_.push_chars(part);
    return has_no_nul(part, error);
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    stack_.push_string(part);
    return has_no_nul(part, error) && value_ended();
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    stack_.push_int64(number);
    return value_ended();
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    stack_.push_uint64(number);
    return value_ended();
  }
  bool on_double(double number, json::string_view, json::error_code&) {
    stack_.push_double(number);
    return value_ended();
  }
  bool on_bool(bool truth, json::error_code&) {
    stack_.push_bool(truth);
    return value_ended();
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    return value_ended();
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  // An object or array that is open, and where in it the parser is.
  struct Level {
    bool is_array;
    std::size_t index = 0;
    std::string key{};
    std::unordered_set<std::string> seen{};
  };

  bool value_ended() {
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  bool has_no_nul(json::string_view part, json::error_code& error) {
    return part.find('\0') == json::string_view::npos || stop("must not hold a NUL character", error);
  }

  bool stop(std::string_view what, json::error_code& error) {
    const auto path = render_path();
    refusal_ = Refusal{RefusalKind::invalid, fmt::format("{} {}", path.empty() ? "the text" : path, what), path};
    error = json::error::syntax;  // any: refusal_ is what is reported
    return false;
  }

  std::string render_path() const {
    std::string path;
    for (const auto& level : levels_) {
      if (level.is_array) {
        path += fmt::format("[{}]", level.index);
      } else {
        if (!path.empty() && !level.key.empty()) path += '.';
        path += level.key;
      }
    }
    return path;
  }

  json::value_stack stack_;
  std::vector<Level> levels_;
  std::string key_;
  std::optional<Refusal> refusal_;
};

json::parse_options strict() {
  json::parse_options options;
  options.max_depth = 32;
  return options;
}

}  // namespace

Result<boost::json::value> parse_json(std::string_view text) {
  json::basic_parser<Builder> parser(strict());
  json::error_code error;
  const auto used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size()) error = json::error::extra_data;
  if (parser.handler().refusal()) return tl::unexpected(*parser.handler().refusal());
  if (error == json::error::too_deep) return refuse(RefusalKind::invalid, "the JSON is nested deeper than 32");
  if (error) {
    return refuse(RefusalKind::invalid, fmt::format("this is not JSON: {} at byte {}", error.message(), used));
  }
  return parser.handler().release();
}

}  // namespace spectacles::http
