#include "tokens/scope.h"

#include <algorithm>
#include <map>

namespace spectacles::tokens {
namespace {

struct Parts {
  std::string_view type;  // without its class
  std::string_view name;
  std::string_view actions;
};

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// "repository(plugin)" is a repository of a class; registries compare types without it.
std::optional<std::string_view> drop_class(std::string_view type) {
  const auto open = type.find('(');
  if (open == std::string_view::npos) return type;
  const auto inner = type.substr(open + 1);
  if (inner.empty() || inner.back() != ')' || !is_word(inner.substr(0, inner.size() - 1))) return std::nullopt;
  return type.substr(0, open);
}

// The type ends at the first colon and the actions start after the last, so that a name may hold host:port.
std::optional<Parts> split(std::string_view scope) {
  const auto first = scope.find(':');
  const auto last = scope.rfind(':');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto type = drop_class(scope.substr(0, first));
  if (!type) return std::nullopt;
  return Parts{*type, scope.substr(first + 1, last - first - 1), scope.substr(last + 1)};
}

ActionSet parse_actions(std::string_view list) {
  ActionSet actions;
  while (true) {
    const auto comma = list.find(',');
    const auto name = list.substr(0, comma);
    if (name == "*") {
      actions = ActionSet::all();
    } else if (const auto action = find_action(name)) {
      actions.add(*action);
    }
    if (comma == std::string_view::npos) return actions;
    list.remove_prefix(comma + 1);
  }
}

std::optional<RepositoryPath> parse_path(std::string_view name, const RegistryHost& public_host) {
  const auto& host = public_host.str();
  if (name.size() > host.size() && name.starts_with(host) && name[host.size()] == '/') {
    name.remove_prefix(host.size() + 1);
  }
  auto path = RepositoryPath::parse(name);
  if (!path) return std::nullopt;
  return std::move(*path);
}

// Gathers scopes one by one; many of one repository cost no more than a look-up each.
class Gathering {
 public:
  explicit Gathering(const RegistryHost& public_host) : public_host_(public_host) {}

  void add(std::string_view scope) {
    const auto parts = split(scope);
    if (!parts) return;
    if (parts->type == "registry" && parts->name == "catalog" && parts->actions == "*") access_.catalog = true;
    if (parts->type == "repository") add_repository(*parts);
  }

  RequestedAccess take() { return std::move(access_); }

 private:
  void add_repository(const Parts& parts) {
    const auto actions = parse_actions(parts.actions);
    const auto path = parse_path(parts.name, public_host_);
    if (!path || actions.empty()) return;
    const auto [at, is_new] = place_.try_emplace(*path, access_.repositories.size());
    if (is_new) {
      access_.repositories.push_back({*path, actions});
    } else {
      auto& merged = access_.repositories[at->second].actions;
      merged = merged | actions;
    }
  }

  const RegistryHost& public_host_;
  RequestedAccess access_;
  std::map<RepositoryPath, std::size_t> place_;
};

}  // namespace

RequestedAccess parse_scopes(const std::vector<std::string>& values, const RegistryHost& public_host) {
  Gathering gathering(public_host);
  for (std::string_view value : values) {
    while (!value.empty()) {
      const auto space = value.find(' ');
      gathering.add(value.substr(0, space));
      value.remove_prefix(space == std::string_view::npos ? value.size() : space + 1);
    }
  }
  return gathering.take();
}

}  // namespace spectacles::tokens
