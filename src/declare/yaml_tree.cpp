#include "declare/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_map>

#include "base/unicode.h"

namespace spectacles::declare {
namespace {

constexpr std::size_t max_depth = 32;         // the format itself needs five
constexpr std::size_t max_nodes = 4'000'000;  // a hundred thousand users have a third of it

// Thrown through the parser, which has no other way to be stopped.
struct Stop {
  int line;
  std::string text;
};

int line_of(const YAML::Mark& mark) {
  return mark.line + 1;
}

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// yaml-cpp replaces bytes that are not UTF-8, and takes U+0004 for the end of the text: neither may pass unseen.
std::optional<Error> find_bad_characters(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const std::string_view current = text.substr(0, text.find('\n'));
    if (!to_nfc(current)) return Error{{"", line}, "the file is not UTF-8"};
    if (std::any_of(current.begin(), current.end(), is_forbidden_control)) {
      return Error{{"", line}, "the file holds a control character; in double quotes it can be written as \\xNN"};
    }
    text.remove_prefix(std::min(text.size(), current.size() + 1));
    ++line;
  }
  return std::nullopt;
}

bool is_known_tag(const std::string& tag) {
  constexpr std::string_view core = "tag:yaml.org,2002:";
  if (tag.empty() || tag == "?" || tag == "!") return true;
  if (!tag.starts_with(core)) return false;
  const std::string_view type = std::string_view(tag).substr(core.size());
  return type == "str" || type == "int" || type == "float" || type == "bool" || type == "null" || type == "seq" ||
         type == "map";
}

}  // namespace

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlTree& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (tree_.root_ != nullptr) throw Stop{line_of(mark), "the file holds more than one document"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(YamlNode::Kind::null, mark, "", anchor); }

  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t anchor) override { attach(*anchors_.at(anchor)); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add(YamlNode::Kind::scalar, mark, tag, anchor).text = value;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(add(YamlNode::Kind::list, mark, tag, anchor));
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(add(YamlNode::Kind::map, mark, tag, anchor));
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  YamlNode& add(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (!is_known_tag(tag)) throw Stop{line_of(mark), "a tag (!name) has no meaning here"};
    if (tree_.nodes_.size() >= max_nodes) throw Stop{line_of(mark), "the file holds too many values"};
    YamlNode& node = tree_.nodes_.emplace_back();
    node.kind = kind;
    node.line = line_of(mark);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
    attach(node);
    return node;
  }

  void attach(const YamlNode& node) {
    if (open_.empty()) {
      tree_.root_ = &node;
    } else {
      open_.back()->items.push_back(&node);
    }
  }

  void open(YamlNode& node) {
    if (open_.size() >= max_depth) throw Stop{node.line, "the file is nested deeper than anything it could describe"};
    open_.push_back(&node);
  }

  YamlTree& tree_;
  std::vector<YamlNode*> open_;
  std::unordered_map<YAML::anchor_t, YamlNode*> anchors_;
};

std::optional<YamlTree> YamlTree::parse(std::string_view text, Errors& errors) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (auto error = find_bad_characters(text)) {
    errors.push_back(std::move(*error));
    return std::nullopt;
  }
  YamlTree tree;
  TreeBuilder builder(tree);
  try {
    // Where a line has ended, yaml-cpp takes the end of the text for the end of an open quote too, and half a file
    // would pass for a whole one. A last comment makes it look: outside quotes it is nothing, inside them it is the
    // error.
    std::istringstream stream{std::string(text) + (text.ends_with('\n') ? "#" : "\n#")};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    errors.push_back({{"", stop.line}, stop.text});
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    errors.push_back({{"", line_of(error.mark)}, "not valid YAML: " + error.msg});
    return std::nullopt;
  }
  if (tree.root_ == nullptr) tree.root_ = &tree.nodes_.emplace_back();
  return tree;
}

}  // namespace spectacles::declare
