// The keys of one YAML map, read with checks: each thing that is wrong becomes an error at its own place, and reading
// goes on.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "declare/error.h"
#include "declare/yaml_tree.h"

namespace spectacles::declare {

// A value that the file gives, and where.
template <class T>
struct Given {
  T value;
  Place place;
};

// Nothing: the file leaves the key out, and what is there stays as it is.
template <class T>
using Maybe = std::optional<Given<T>>;

// Collects errors, and bounds the work that aliases of aliases could make out of a short text.
class ReadLog {
 public:
  void error(Place place, std::string text);
  Errors& errors() { return errors_; }

  // Counts one more value. False when there were too many, which is then the last error that is reported.
  bool count(const Place& place);

 private:
  Errors errors_;
  int values_ = 0;
};

class Fields {
 public:
  // Reports a `node` that is no map, its unknown keys and those that stand there twice.
  Fields(const YamlNode& node, Place place, std::span<const std::string_view> known, ReadLog& log);

  const Place& place() const { return place_; }
  ReadLog& log() const { return log_; }
  bool is_map() const { return is_map_; }

  bool has(std::string_view key) const { return find(key) != nullptr; }
  // The path of `key`, with its line, or the line of the map when the key is not given.
  Place place_of(std::string_view key) const;

  // In what follows `parse` takes a text and returns a Result. A key that is not given yields nothing; one whose value
  // is wrong is reported and yields nothing, too.
  template <class Parse>
  auto value(std::string_view key, Parse&& parse) const;

  template <class Parse>
  auto required(std::string_view key, Parse&& parse) const;

  // null is a value here: it takes away what there is.
  template <class Parse>
  auto nullable(std::string_view key, Parse&& parse) const;

  // A list of names, none of them twice.
  template <class Parse>
  auto names(std::string_view key, Parse&& parse) const;

  // The elements of a list with their places.
  struct Item {
    const YamlNode* node;
    Place place;
  };
  std::optional<std::vector<Item>> items(std::string_view key) const;

 private:
  struct Entry {
    std::string_view key;
    const YamlNode* value;
    int line;
  };

  void take(const YamlNode& key, const YamlNode& value, std::span<const std::string_view> known);
  const Entry* find(std::string_view key) const;

  // The text of a scalar; reports what is none.
  static const std::string* scalar(const YamlNode& node, const Place& place, ReadLog& log);

  template <class Parse>
  auto parsed(const YamlNode& node, const Place& place, Parse&& parse) const;

  Place place_;
  ReadLog& log_;
  bool is_map_ = false;
  std::vector<Entry> entries_;
};

template <class Parse>
auto Fields::parsed(const YamlNode& node, const Place& place, Parse&& parse) const {
  using T = typename std::invoke_result_t<Parse, std::string_view>::value_type;
  const std::string* text = scalar(node, place, log_);
  if (text == nullptr) return Maybe<T>();
  auto result = parse(std::string_view(*text));
  if (!result) {
    log_.error(place, result.error().text);
    return Maybe<T>();
  }
  return Maybe<T>(Given<T>{std::move(*result), place});
}

template <class Parse>
auto Fields::value(std::string_view key, Parse&& parse) const {
  const Entry* entry = find(key);
  return entry == nullptr ? decltype(parsed(*entry->value, place_, parse))()
                          : parsed(*entry->value, place_of(key), parse);
}

template <class Parse>
auto Fields::required(std::string_view key, Parse&& parse) const {
  if (is_map_ && !has(key)) log_.error(place_of(key), "is missing");
  return value(key, std::forward<Parse>(parse));
}

template <class Parse>
auto Fields::nullable(std::string_view key, Parse&& parse) const {
  using T = typename std::invoke_result_t<Parse, std::string_view>::value_type;
  using Nullable = std::optional<T>;
  const Entry* entry = find(key);
  if (entry != nullptr && entry->value->kind == YamlNode::Kind::null) {
    return Maybe<Nullable>(Given<Nullable>{std::nullopt, place_of(key)});
  }
  auto given = value(key, std::forward<Parse>(parse));
  if (!given) return Maybe<Nullable>();
  return Maybe<Nullable>(Given<Nullable>{std::move(given->value), given->place});
}

template <class Parse>
auto Fields::names(std::string_view key, Parse&& parse) const {
  using T = typename std::invoke_result_t<Parse, std::string_view>::value_type;
  std::optional<std::vector<Given<T>>> out;
  const auto list = items(key);
  if (!list) return out;
  out.emplace();
  std::set<T> seen;
  for (const auto& item : *list) {
    auto name = parsed(*item.node, item.place, parse);
    if (!name) continue;
    if (!seen.insert(name->value).second) log_.error(item.place, "'" + name->value.str() + "' is in the list already");
    out->push_back(std::move(*name));
  }
  return out;
}

}  // namespace spectacles::declare
