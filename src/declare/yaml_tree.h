// A YAML document (yaml.org/spec/1.2.2) as a tree that knows its lines. It keeps what YAML::Node loses: duplicate keys,
// their order, and a bound on what a hostile text may cost.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "declare/error.h"

namespace spectacles::declare {

struct YamlNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  int line = 0;
  std::string text;                    // of a scalar
  std::vector<const YamlNode*> items;  // of a list; of a map its keys and values by turns
};

class YamlTree {
 public:
  // Nothing, and one more error, when `text` is not UTF-8, not YAML, more than one document, or nested so deep or so
  // large that it cannot be meant. An empty text is the document null. An alias is the very node that its anchor names,
  // so the tree may be a graph, even one with cycles: a reader must bound how far it goes.
  static std::optional<YamlTree> parse(std::string_view text, Errors& errors);

  const YamlNode& root() const { return *root_; }

 private:
  friend class TreeBuilder;

  std::deque<YamlNode> nodes_;  // never moves its elements
  const YamlNode* root_ = nullptr;
};

}  // namespace spectacles::declare
