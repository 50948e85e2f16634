#include "removal/trash.h"

#include <boost/json.hpp>

namespace spectacles::removal {

std::string_view render_trash_state(TrashState state) {
  switch (state) {
    case TrashState::deleting:
      return "deleting";
    case TrashState::kept:
      return "kept";
    case TrashState::unverified:
      return "unverified";
    case TrashState::gone:
      return "gone";
    case TrashState::restored:
      return "restored";
  }
  return "deleting";
}

std::string render_tags(const std::vector<TagName>& tags) {
  boost::json::array list;
  for (const auto& tag : tags) list.emplace_back(tag.str());
  return boost::json::serialize(list);
}

std::vector<TagName> parse_tags(std::string_view json) {
  std::vector<TagName> tags;
  const auto list = boost::json::parse(json);
  for (const auto& tag : list.as_array()) {
    tags.push_back(TagName::parse(std::string_view(tag.as_string())).value());
  }
  return tags;
}

}  // namespace spectacles::removal
