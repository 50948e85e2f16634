#include "declare/world.h"

namespace spectacles::declare {

std::string render_name(const NamespaceKey& key) {
  const auto& [registry, name] = key;
  return registry.str() + "/" + (name.is_root() ? "" : name.str());
}

}  // namespace spectacles::declare
