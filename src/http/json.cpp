#include "http/json.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/json_text.h"

namespace spectacles::http {
namespace {

constexpr std::string_view a_text = "a string";
constexpr std::string_view an_integer = "a whole number of at most 64 bits";
constexpr std::string_view a_boolean = "true or false";
constexpr std::string_view texts = "an array of strings";
constexpr std::string_view an_array = "an array";

}  // namespace

Fields::Fields(const Request& request) {
  if (request.media_type() != "application/json") {
    refusal_ = Refusal{RefusalKind::unsupported, "the Content-Type must be application/json", ""};
    return;
  }
  auto parsed = parse_json(request.body);
  if (!parsed) {
    refusal_ = parsed.error();
  } else if (!parsed->is_object()) {
    refusal_ = Refusal{RefusalKind::invalid, "the body must be a JSON object", ""};
  } else {
    object_ = std::move(parsed->get_object());
  }
}

Fields::Fields(const boost::json::value& value, std::string path) : path_(std::move(path)) {
  if (value.is_object()) {
    object_ = value.get_object();
  } else {
    refusal_ = Refusal{RefusalKind::invalid, path_ + " must be an object", path_};
  }
}

std::string Fields::text(std::string_view name) {
  const auto* value = require(name, a_text);
  if (!value) return {};
  if (value->is_string()) return std::string(value->get_string());
  refuse_type(name, a_text);
  return {};
}

Secret Fields::secret(std::string_view name) {
  return Secret(text(name));
}

std::optional<std::string> Fields::optional_text(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_string()) return std::string(value->get_string());
  refuse_type(name, a_text);
  return std::nullopt;
}

std::optional<std::string> Fields::nullable_text(std::string_view name) {
  const auto* value = take(name);
  return value && value->is_null() ? std::nullopt : optional_text(name);
}

std::optional<Secret> Fields::optional_secret(std::string_view name) {
  auto value = optional_text(name);
  if (!value) return std::nullopt;
  return Secret(*std::move(value));
}

std::int64_t Fields::integer(std::string_view name) {
  if (!require(name, an_integer)) return 0;
  return optional_integer(name).value_or(0);
}

std::optional<std::int64_t> Fields::optional_integer(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  refuse_type(name, an_integer);
  return std::nullopt;
}

std::optional<bool> Fields::optional_boolean(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  refuse_type(name, a_boolean);
  return std::nullopt;
}

std::optional<std::vector<std::string>> Fields::optional_texts(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (!value->is_array()) {
    refuse_type(name, texts);
    return std::nullopt;
  }
  std::vector<std::string> result;
  for (const auto& element : value->get_array()) {
    if (!element.is_string()) {
      refuse_type(fmt::format("{}[{}]", name, result.size()), a_text);
      return std::nullopt;
    }
    result.emplace_back(element.get_string());
  }
  return result;
}

std::optional<boost::json::array> Fields::optional_array(std::string_view name) {
  const auto* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_array()) return value->get_array();
  refuse_type(name, an_array);
  return std::nullopt;
}

std::optional<boost::json::value> Fields::optional_value(std::string_view name) {
  const auto* value = take(name);
  return value ? std::optional(*value) : std::nullopt;
}

bool Fields::has(std::string_view name) const {
  return object_.contains(name);
}

Result<void> Fields::finish() {
  for (const auto& member : object_) {
    if (refusal_) break;
    const std::string_view name = member.key();
    if (std::find(taken_.begin(), taken_.end(), name) == taken_.end()) {
      refuse(name, path_of(name) + " is not known here");
    }
  }
  if (refusal_) return tl::unexpected(*refusal_);
  return {};
}

void Fields::refuse(std::string_view name, std::string text) {
  if (!refusal_) refusal_ = Refusal{RefusalKind::invalid, std::move(text), path_of(name)};
}

const boost::json::value* Fields::take(std::string_view name) {
  taken_.emplace_back(name);
  return object_.if_contains(name);
}

const boost::json::value* Fields::require(std::string_view name, std::string_view wanted) {
  const auto* value = take(name);
  if (!value) refuse(name, fmt::format("{} is missing; it must be {}", path_of(name), wanted));
  return value;
}

void Fields::refuse_type(std::string_view name, std::string_view wanted) {
  refuse(name, fmt::format("{} must be {}", path_of(name), wanted));
}

std::string Fields::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

}  // namespace spectacles::http
