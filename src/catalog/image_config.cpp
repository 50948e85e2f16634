#include "catalog/image_config.h"

#include <boost/json.hpp>

#include "catalog/shown.h"

namespace spectacles::catalog {
namespace {

const boost::json::value* member(const boost::json::object& object, std::string_view name) {
  return object.if_contains(name);
}

const boost::json::object* object_of(const boost::json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  return value != nullptr ? value->if_object() : nullptr;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? shown(*text) : std::string();
}

// An array of texts; Docker also writes a single text where a list has one element.
std::vector<std::string> texts_of(const boost::json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto* value = member(object, name);
  if (value == nullptr) return texts;
  if (const auto* text = value->if_string()) texts.push_back(shown(*text));
  const auto* list = value->if_array();
  if (list == nullptr) return texts;
  texts.reserve(std::min(list->size(), most_config_items));
  for (const auto& item : *list) {
    if (texts.size() == most_config_items) break;
    if (const auto* text = item.if_string()) texts.push_back(shown(*text));
  }
  return texts;
}

// The names of an object whose values say nothing (ExposedPorts, Volumes).
std::vector<std::string> names_of(const boost::json::object& object, std::string_view name) {
  std::vector<std::string> names;
  const auto* set = object_of(object, name);
  if (set == nullptr) return names;
  names.reserve(std::min(set->size(), most_config_items));
  for (const auto& one : *set) {
    if (names.size() == most_config_items) break;
    names.push_back(shown(one.key()));
  }
  return names;
}

std::map<std::string, std::string> labels_of(const boost::json::object& object) {
  std::map<std::string, std::string> labels;
  const auto* set = object_of(object, "Labels");
  if (set == nullptr) return labels;
  for (const auto& one : *set) {
    if (labels.size() == most_config_items) break;
    if (const auto* text = one.value().if_string()) labels.emplace(shown(one.key()), shown(*text));
  }
  return labels;
}

std::optional<std::int64_t> number_of(const boost::json::object& object, std::string_view name) {
  const auto* value = member(object, name);
  const auto* number = value != nullptr ? value->if_int64() : nullptr;
  return number != nullptr && *number >= 0 ? std::optional(*number) : std::nullopt;
}

std::optional<std::int64_t> seconds_of(const boost::json::object& object, std::string_view name) {
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  const auto number = number_of(object, name);
  return number ? std::optional(*number / nanoseconds) : std::nullopt;
}

std::optional<Healthcheck> healthcheck_of(const boost::json::object& config) {
  const auto* check = object_of(config, "Healthcheck");
  if (check == nullptr) return std::nullopt;
  return Healthcheck{.test = texts_of(*check, "Test"),
                     .interval_seconds = seconds_of(*check, "Interval"),
                     .timeout_seconds = seconds_of(*check, "Timeout"),
                     .retries = number_of(*check, "Retries")};
}

std::vector<BuildStep> history_of(const boost::json::object& image) {
  std::vector<BuildStep> steps;
  const auto* value = member(image, "history");
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr) return steps;
  steps.reserve(std::min(list->size(), most_config_items));
  for (const auto& item : *list) {
    if (steps.size() == most_config_items) break;
    const auto* step = item.if_object();
    if (step == nullptr) continue;
    const auto* empty = member(*step, "empty_layer");
    steps.push_back({.created_by = text_of(*step, "created_by"),
                     .comment = text_of(*step, "comment"),
                     .created = parse_rfc3339(text_of(*step, "created")),
                     .empty_layer = empty != nullptr && empty->is_bool() && empty->get_bool()});
  }
  return steps;
}

}  // namespace

std::optional<ImageConfig> parse_image_config(std::string_view json) {
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 16;
  const auto value = boost::json::parse(json, error, {}, options);
  const auto* image = error ? nullptr : value.if_object();
  if (image == nullptr) return std::nullopt;
  ImageConfig read;
  if (auto author = text_of(*image, "author"); !author.empty()) read.author = std::move(author);
  read.history = history_of(*image);
  const auto* config = object_of(*image, "config");
  if (config == nullptr) return read;
  read.user = text_of(*config, "User");
  read.working_dir = text_of(*config, "WorkingDir");
  read.stop_signal = text_of(*config, "StopSignal");
  read.env = texts_of(*config, "Env");
  read.entrypoint = texts_of(*config, "Entrypoint");
  read.cmd = texts_of(*config, "Cmd");
  read.exposed_ports = names_of(*config, "ExposedPorts");
  read.volumes = names_of(*config, "Volumes");
  read.labels = labels_of(*config);
  read.healthcheck = healthcheck_of(*config);
  return read;
}

}  // namespace spectacles::catalog
