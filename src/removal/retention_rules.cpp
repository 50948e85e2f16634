#include "removal/retention_rules.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::removal {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t most_rules = 20;
constexpr std::size_t most_patterns = 50;
constexpr std::int64_t most_newest = 10'000;
constexpr std::int64_t most_days = 3650;

tl::unexpected<Refusal> wrong(const std::string& path, std::string_view wanted) {
  return refuse(RefusalKind::invalid, fmt::format("{} must be {}", path, wanted), path);
}

Result<void> check_members(const object& json, std::initializer_list<std::string_view> known, const std::string& path) {
  for (const auto& member : json) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
      const auto place = path + std::string(member.key());
      return refuse(RefusalKind::invalid, place + " is not known here", place);
    }
  }
  return {};
}

template <class Name>
Result<Name> parse_pattern(const value& json, const std::string& path) {
  if (!json.is_string()) return wrong(path, "a string");
  auto name = Name::parse(std::string_view(json.get_string()));
  if (!name) return refuse(RefusalKind::invalid, name.error().text, path);
  return name;
}

template <class Name>
Result<Name> optional_pattern(const object& json, std::string_view name, const std::string& path) {
  const auto* found = json.if_contains(name);
  return found == nullptr ? Name::parse("*") : parse_pattern<Name>(*found, path + std::string(name));
}

Result<std::vector<TagPattern>> optional_patterns(const object& json, std::string_view name, const std::string& path) {
  const auto* found = json.if_contains(name);
  std::vector<TagPattern> patterns;
  if (found == nullptr) return patterns;
  const auto place = path + std::string(name);
  if (!found->is_array() || found->get_array().size() > most_patterns) {
    return wrong(place, fmt::format("an array of at most {} patterns", most_patterns));
  }
  patterns.reserve(found->get_array().size());
  for (const auto& item : found->get_array()) {
    auto pattern = parse_pattern<TagPattern>(item, fmt::format("{}[{}]", place, patterns.size()));
    if (!pattern) return pass_on(pattern);
    patterns.push_back(std::move(*pattern));
  }
  return patterns;
}

Result<std::optional<std::int64_t>> optional_number(const object& json, std::string_view name, std::int64_t most,
                                                    const std::string& path) {
  const auto* found = json.if_contains(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  if (!found->is_int64() || found->get_int64() < 1 || found->get_int64() > most) {
    return wrong(path + std::string(name), fmt::format("a whole number from 1 to {}, or null", most));
  }
  return found->get_int64();
}

Result<RetentionRule> parse_rule(const value& json, const std::string& place) {
  if (!json.is_object()) return wrong(place, "an object");
  const auto& members = json.get_object();
  const auto path = place + ".";
  if (auto known = check_members(
          members, {"repositories", "tags", "keep_newest", "keep", "older_than_days", "not_pulled_days"}, path);
      !known) {
    return pass_on(known);
  }
  auto repositories = optional_pattern<Pattern>(members, "repositories", path);
  if (!repositories) return pass_on(repositories);
  auto tags = optional_pattern<TagPattern>(members, "tags", path);
  if (!tags) return pass_on(tags);
  RetentionRule rule{.repositories = std::move(*repositories), .tags = std::move(*tags)};
  const auto newest = optional_number(members, "keep_newest", most_newest, path);
  if (!newest) return pass_on(newest);
  rule.keep_newest = *newest;
  auto keep = optional_patterns(members, "keep", path);
  if (!keep) return pass_on(keep);
  rule.keep = std::move(*keep);
  const auto older = optional_number(members, "older_than_days", most_days, path);
  if (!older) return pass_on(older);
  rule.older_than_days = *older;
  const auto not_pulled = optional_number(members, "not_pulled_days", most_days, path);
  if (!not_pulled) return pass_on(not_pulled);
  rule.not_pulled_days = *not_pulled;
  if (!rule.keep_newest && !rule.older_than_days && !rule.not_pulled_days) {
    return refuse(RefusalKind::invalid,
                  place +
                      " has no limit, so it would delete everything: give keep_newest, older_than_days or "
                      "not_pulled_days",
                  place);
  }
  return rule;
}

boost::json::array render_patterns(const std::vector<TagPattern>& patterns) {
  boost::json::array list;
  for (const auto& pattern : patterns) list.emplace_back(pattern.str());
  return list;
}

value number_or_null(const std::optional<std::int64_t>& number) {
  return number ? value(*number) : value(nullptr);
}

}  // namespace

Result<RetentionRules> parse_retention_rules(const object& json) {
  if (auto known = check_members(json, {"rules", "protected"}, ""); !known) return pass_on(known);
  RetentionRules rules;
  if (const auto* list = json.if_contains("rules")) {
    if (!list->is_array() || list->get_array().size() > most_rules) {
      return wrong("rules", fmt::format("an array of at most {} rules", most_rules));
    }
    for (const auto& item : list->get_array()) {
      auto rule = parse_rule(item, fmt::format("rules[{}]", rules.rules.size()));
      if (!rule) return pass_on(rule);
      rules.rules.push_back(std::move(*rule));
    }
  }
  auto protected_tags = optional_patterns(json, "protected", "");
  if (!protected_tags) return pass_on(protected_tags);
  rules.protected_tags = std::move(*protected_tags);
  return rules;
}

object render(const RetentionRules& rules) {
  boost::json::array list;
  for (const auto& rule : rules.rules) {
    list.push_back(object{{"repositories", rule.repositories.str()},
                          {"tags", rule.tags.str()},
                          {"keep_newest", number_or_null(rule.keep_newest)},
                          {"keep", render_patterns(rule.keep)},
                          {"older_than_days", number_or_null(rule.older_than_days)},
                          {"not_pulled_days", number_or_null(rule.not_pulled_days)}});
  }
  return {{"rules", std::move(list)}, {"protected", render_patterns(rules.protected_tags)}};
}

std::string digest_of(const RetentionRules& rules) {
  return to_base64url(crypto::sha256(boost::json::serialize(render(rules))));
}

}  // namespace spectacles::removal
