#include "access/moves_sql.h"

#include "access/visible.h"

namespace spectacles::access {
namespace {

std::optional<NamespaceName> name_of(const Namespace* ns) {
  return ns != nullptr ? std::optional(ns->name) : std::nullopt;
}

}  // namespace

std::vector<Move> moves_into(db::Session& session, RegistryId registry, const NamespaceName& name) {
  const NamespaceMap namespaces(rows::all_namespaces(session));
  std::vector<Move> moves;
  for (const auto& path : rows::repositories_below(session, registry, name)) {
    const auto* covering = namespaces.find_covering(registry, path);
    const bool stays = covering != nullptr && (covering->name == name || name.encloses(covering->name));
    if (!stays) moves.push_back({.repository = path, .from = name_of(covering), .to = name});
  }
  return moves;
}

std::vector<Move> moves_out_of(db::Session& session, const Namespace& ns) {
  auto all = rows::all_namespaces(session);
  const NamespaceMap now(all);
  std::erase_if(all, [&](const Namespace& other) { return other.id == ns.id; });
  const NamespaceMap then(std::move(all));
  std::vector<Move> moves;
  for (const auto& path : rows::repositories_below(session, ns.registry, ns.name)) {
    const auto* covering = now.find_covering(ns.registry, path);
    if (covering == nullptr || covering->id != ns.id) continue;
    moves.push_back({.repository = path, .from = ns.name, .to = name_of(then.find_covering(ns.registry, path))});
  }
  return moves;
}

}  // namespace spectacles::access
