// Bodies of the API: a JSON object whose members are asked for by name and type.
//
//   http::Fields fields(request);
//   const auto name = fields.text("name");
//   const auto email = fields.optional_text("email");
//   if (auto refused = fields.finish(); !refused) return pass_on(refused);
//
// The first thing that is wrong is remembered and returned by finish(); until then the accessors return empty values.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace spectacles::http {

class Fields {
 public:
  // Parses the body. What is refused: a media type other than application/json (unsupported), no JSON, a member twice,
  // no object, nesting deeper than 32, invalid UTF-8, NUL in a text.
  explicit Fields(const Request& request);
  // An object inside another; `path` ("claims[0]") stands before the names of its members in refusals.
  Fields(const boost::json::value& value, std::string path);

  // optional_: may be absent. nullable_: may also be null, which gives nothing too; `has` tells them apart.
  std::string text(std::string_view name);
  Secret secret(std::string_view name);
  std::optional<std::string> optional_text(std::string_view name);
  std::optional<std::string> nullable_text(std::string_view name);
  std::optional<Secret> optional_secret(std::string_view name);
  std::int64_t integer(std::string_view name);
  std::optional<std::int64_t> optional_integer(std::string_view name);
  std::optional<bool> optional_boolean(std::string_view name);
  std::optional<std::vector<std::string>> optional_texts(std::string_view name);
  std::optional<boost::json::array> optional_array(std::string_view name);
  // Of any type, to be read by Fields of its own.
  std::optional<boost::json::value> optional_value(std::string_view name);
  bool has(std::string_view name) const;

  // A text that `parse` (std::string_view -> Result<T>) makes a T of; its refusal is the field's.
  template <class Parse>
  auto parsed(std::string_view name, Parse parse) {
    return keep(name, parse(text(name)));
  }
  template <class Parse>
  auto optional_parsed(std::string_view name, Parse parse) {
    return parse_if_typed(name, optional_text(name), parse);
  }
  template <class Parse>
  auto nullable_parsed(std::string_view name, Parse parse) {
    return parse_if_typed(name, nullable_text(name), parse);
  }
  template <class Parse>
  auto parsed_secret(std::string_view name, Parse parse) {
    return keep(name, parse(secret(name)));
  }
  // An array of texts; a refusal names the element ("members[2]").
  template <class Parse>
  auto optional_parsed_list(std::string_view name, Parse parse) {
    using Parsed = typename decltype(parse(std::string_view()))::value_type;
    std::optional<std::vector<Parsed>> list;
    const auto texts = optional_texts(name);
    if (!texts) return list;
    list.emplace();
    for (std::size_t i = 0; i < texts->size(); ++i) {
      auto element = keep(std::string(name) + "[" + std::to_string(i) + "]", parse((*texts)[i]));
      if (element) list->push_back(std::move(*element));
    }
    return list;
  }

  // Refuses what was wrong, or the first member that nobody asked for (invalid, its name as the field).
  Result<void> finish();

  // Remembers a refusal found by the caller, unless there is one already.
  void refuse(std::string_view name, std::string text);

 private:
  template <class T>
  std::optional<T> keep(std::string_view name, Result<T> result) {
    if (result) return std::move(*result);
    refuse(name, result.error().text);
    return std::nullopt;
  }

  template <class Parse>
  auto parse_if_typed(std::string_view name, const std::optional<std::string>& typed, Parse parse) {
    using Parsed = typename decltype(parse(std::string_view()))::value_type;
    return typed ? keep(name, parse(*typed)) : std::optional<Parsed>();
  }

  // The member of that name, counted as known; nothing when it is absent.
  const boost::json::value* take(std::string_view name);
  // The same, refusing what is absent; `wanted` ("a string") says what would be right.
  const boost::json::value* require(std::string_view name, std::string_view wanted);
  void refuse_type(std::string_view name, std::string_view wanted);
  std::string path_of(std::string_view name) const;

  boost::json::object object_;
  std::string path_;
  std::vector<std::string> taken_;
  std::optional<Refusal> refusal_;
};

}  // namespace spectacles::http
