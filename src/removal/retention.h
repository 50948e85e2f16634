// Which tags a namespace keeps and which go. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "names/image.h"
#include "names/pattern.h"
#include "names/repository_path.h"
#include "names/tag_pattern.h"

namespace spectacles::removal {

// A rule is about the tags that match, in the repositories that match. Of these it deletes what exceeds all limits that
// it has, but for what it keeps.
struct RetentionRule {
  Pattern repositories;  // relative to the namespace
  TagPattern tags;
  std::optional<std::int64_t> keep_newest = {};  // so many of each repository, by the time of their push
  std::vector<TagPattern> keep = {};
  std::optional<std::int64_t> older_than_days = {};
  std::optional<std::int64_t> not_pulled_days = {};

  bool operator==(const RetentionRule&) const = default;
};

// A tag goes when any rule deletes it, and nothing protects it.
struct RetentionRules {
  std::vector<RetentionRule> rules;
  std::vector<TagPattern> protected_tags;

  bool operator==(const RetentionRules&) const = default;
};

struct RetainedTag {
  RepositoryPath repository;
  std::string rest;  // its name relative to the namespace
  TagName tag;
  Digest digest;
  Time pushed_at;
  std::optional<Time> pulled_at;  // nothing: no pull was told of, which does not mean that there was none
};

struct Verdict {
  bool goes = false;
  std::string reason;
  bool tag_only = false;  // a tag that stays stands for the same manifest, so that goes on living
};

// One for each of `tags`, in the same order.
std::vector<Verdict> plan_retention(const RetentionRules& rules, const std::vector<RetainedTag>& tags, Time now);

}  // namespace spectacles::removal
