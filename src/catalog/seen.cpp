#include "catalog/seen.h"

#include <algorithm>

namespace spectacles::catalog {

bool differs(const SeenRepository& seen, const std::optional<KnownRepository>& known, const KnownTags& tags) {
  if (!known || !known->is_whole || known->missing_passes != 0 || !seen.details.empty() || !seen.unanswered.empty()) {
    return true;
  }
  const auto is_as_known = [&](const TagName& name) {
    const auto tag = tags.find(name);
    return tag != tags.end() && tag->second.is_whole && tag->second.missing_passes == 0;
  };
  return std::any_of(
             seen.tags.begin(), seen.tags.end(),
             [&](const auto& tag) { return !is_as_known(tag.first) || tags.at(tag.first).manifest != tag.second; }) ||
         std::any_of(seen.unread.begin(), seen.unread.end(), [&](const TagName& name) {
           const auto tag = tags.find(name);
           return tag != tags.end() && tag->second.missing_passes != 0;
         });
}

}  // namespace spectacles::catalog
