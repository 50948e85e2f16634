#include "declare/fields.h"

#include <fmt/format.h>

#include "base/log.h"

namespace spectacles::declare {
namespace {

std::string_view describe(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "null";
    case YamlNode::Kind::scalar:
      return "a single value";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "";
}

// A key as part of a path: whatever it holds, it stays short and on one line.
std::string render_key(const YamlNode& key) {
  constexpr std::size_t longest = 60;
  if (key.kind == YamlNode::Kind::null) return "null";
  if (key.text.size() > longest) return "(a very long key)";
  return log::render_value(key.text);
}

std::string join(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

constexpr int max_values = 1'000'000;  // a hundred thousand users have two thirds of it

}  // namespace

void ReadLog::error(Place place, std::string text) {
  if (values_ <= max_values) errors_.push_back({std::move(place), std::move(text)});
}

bool ReadLog::count(const Place& place) {
  if (values_ == max_values) error(place, "the file holds too many values (aliases count each time they are used)");
  values_ = std::min(values_ + 1, max_values + 1);
  return values_ <= max_values;
}

Fields::Fields(const YamlNode& node, Place place, std::span<const std::string_view> known, ReadLog& log)
    : place_(std::move(place)), log_(log), is_map_(node.kind == YamlNode::Kind::map) {
  if (!is_map_) {
    log_.error(place_,
               fmt::format("should be a map with the keys {}, not {}", fmt::join(known, ", "), describe(node.kind)));
    return;
  }
  for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
    if (!log_.count(place_)) return;
    take(*node.items[i], *node.items[i + 1], known);
  }
}

void Fields::take(const YamlNode& key, const YamlNode& value, std::span<const std::string_view> known) {
  if (key.kind == YamlNode::Kind::list || key.kind == YamlNode::Kind::map) {
    log_.error({place_.path, key.line}, fmt::format("a key should be a word, not {}", describe(key.kind)));
    return;
  }
  const auto name = std::find(known.begin(), known.end(), std::string_view(key.text));
  if (name == known.end()) {
    log_.error({join(place_.path, render_key(key)), key.line},
               fmt::format("unknown key; the keys here are {}", fmt::join(known, ", ")));
  } else if (has(*name)) {
    log_.error({join(place_.path, *name), key.line},
               fmt::format("is given twice, first in line {}", find(*name)->line));
  } else {
    entries_.push_back({*name, &value, key.line});
  }
}

const Fields::Entry* Fields::find(std::string_view key) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
  return entry == entries_.end() ? nullptr : &*entry;
}

Place Fields::place_of(std::string_view key) const {
  const Entry* entry = find(key);
  return {join(place_.path, key), entry == nullptr ? place_.line : entry->line};
}

const std::string* Fields::scalar(const YamlNode& node, const Place& place, ReadLog& log) {
  if (node.kind == YamlNode::Kind::scalar) return &node.text;
  if (node.kind == YamlNode::Kind::null) {
    log.error(place, "is null: give a value (the word null itself in quotes) or leave it out");
  } else {
    log.error(place, fmt::format("should be a single value, not {}", describe(node.kind)));
  }
  return nullptr;
}

std::optional<std::vector<Fields::Item>> Fields::items(std::string_view key) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  const YamlNode& list = *entry->value;
  if (list.kind != YamlNode::Kind::list) {
    log_.error(place_of(key),
               fmt::format("should be a list, not {}; [] is the empty list, and without the key all stays "
                           "as it is",
                           describe(list.kind)));
    return std::nullopt;
  }
  const std::string path = join(place_.path, key);
  std::vector<Item> out;
  out.reserve(list.items.size());
  for (const YamlNode* item : list.items) {
    Place place{fmt::format("{}[{}]", path, out.size()), item->line};
    if (!log_.count(place)) break;
    out.push_back({item, std::move(place)});
  }
  return out;
}

}  // namespace spectacles::declare
