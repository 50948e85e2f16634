#include "removal/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace spectacles::removal {
namespace {

using Newest = std::set<std::pair<RepositoryPath, TagName>>;

std::int64_t days_between(Time from, Time to) {
  return std::chrono::floor<std::chrono::days>(to - from).count();
}

bool applies(const RetentionRule& rule, const RetainedTag& tag) {
  return rule.repositories.matches(tag.rest) && rule.tags.matches(tag.tag);
}

const TagPattern* find_match(const std::vector<TagPattern>& patterns, const TagName& tag) {
  const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const auto& one) { return one.matches(tag); });
  return found == patterns.end() ? nullptr : &*found;
}

// The newest tags of each repository that the rule is about.
Newest find_newest(const RetentionRule& rule, const std::vector<RetainedTag>& tags) {
  if (!rule.keep_newest) return {};
  std::map<RepositoryPath, std::vector<const RetainedTag*>> by_repository;
  for (const auto& tag : tags) {
    if (applies(rule, tag)) by_repository[tag.repository].push_back(&tag);
  }
  Newest newest;
  for (auto& [repository, all] : by_repository) {
    std::sort(all.begin(), all.end(), [](const RetainedTag* left, const RetainedTag* right) {
      return std::pair(right->pushed_at, left->tag) < std::pair(left->pushed_at, right->tag);
    });
    const auto count = std::min(all.size(), static_cast<std::size_t>(*rule.keep_newest));
    for (std::size_t i = 0; i < count; ++i) newest.emplace(repository, all[i]->tag);
  }
  return newest;
}

// What one rule says of one tag that it is about.
Verdict judge(const RetentionRule& rule, const Newest& newest, const RetainedTag& tag, Time now) {
  if (const auto* keep = find_match(rule.keep, tag.tag)) {
    return {.reason = fmt::format("it matches \"{}\", which the rule keeps", keep->str())};
  }
  if (newest.contains({tag.repository, tag.tag})) {
    return {.reason = fmt::format("it is among the {} newest", *rule.keep_newest)};
  }
  std::string why = rule.keep_newest ? fmt::format("not among the {} newest", *rule.keep_newest) : "";
  const auto add = [&](const std::string& text) { why += (why.empty() ? "" : ", ") + text; };
  if (rule.older_than_days) {
    const auto age = days_between(tag.pushed_at, now);
    const auto text = fmt::format("pushed {} days ago where the limit is {}", age, *rule.older_than_days);
    if (now - tag.pushed_at <= std::chrono::days(*rule.older_than_days)) return {.reason = "it was " + text};
    add(text);
  }
  if (rule.not_pulled_days) {
    if (!tag.pulled_at) {
      return {.reason =
                  "it is not known when it was last pulled, which never counts as not pulled: the registry has told "
                  "of no pull"};
    }
    const auto age = days_between(*tag.pulled_at, now);
    const auto text = fmt::format("last pulled {} days ago where the limit is {}", age, *rule.not_pulled_days);
    if (now - *tag.pulled_at <= std::chrono::days(*rule.not_pulled_days)) return {.reason = "it was " + text};
    add(text);
  }
  return {.goes = true, .reason = std::move(why)};
}

// A tag whose manifest another tag keeps alive only loses its name.
void note_shared(const std::vector<RetainedTag>& tags, std::vector<Verdict>& verdicts) {
  std::set<std::pair<RepositoryPath, Digest>> staying;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!verdicts[i].goes) staying.emplace(tags[i].repository, tags[i].digest);
  }
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!verdicts[i].goes || !staying.contains({tags[i].repository, tags[i].digest})) continue;
    verdicts[i].tag_only = true;
    verdicts[i].reason += "; only the tag goes, since one that stays shares its manifest";
  }
}

}  // namespace

std::vector<Verdict> plan_retention(const RetentionRules& rules, const std::vector<RetainedTag>& tags, Time now) {
  std::vector<Newest> newest;
  newest.reserve(rules.rules.size());
  for (const auto& rule : rules.rules) newest.push_back(find_newest(rule, tags));

  std::vector<Verdict> verdicts;
  verdicts.reserve(tags.size());
  for (const auto& tag : tags) {
    Verdict verdict{.reason = "no rule is about it"};
    if (const auto* pattern = find_match(rules.protected_tags, tag.tag)) {
      verdict.reason = fmt::format("it is protected by \"{}\"", pattern->str());
    } else {
      for (std::size_t i = 0; i < rules.rules.size() && !verdict.goes; ++i) {
        if (!applies(rules.rules[i], tag)) continue;
        verdict = judge(rules.rules[i], newest[i], tag, now);
        verdict.reason = fmt::format("rule {}: {}", i + 1, verdict.reason);
      }
    }
    verdicts.push_back(std::move(verdict));
  }
  note_shared(tags, verdicts);
  return verdicts;
}

}  // namespace spectacles::removal
