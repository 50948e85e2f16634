#include "access/assignment_sql.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace spectacles::access::assignment {
namespace {

// The folders around `path`, nearest first: "a/b/c" lies in "a/b" and in "a".
std::vector<std::string> folders_around(std::string_view path) {
  std::vector<std::string> folders;
  for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/')) {
    path = path.substr(0, slash);
    folders.emplace_back(path);
  }
  return folders;
}

// A query for the id of the namespace in the innermost of `folders`, which are not none, with its values.
std::pair<std::string, std::vector<db::Value>> innermost(RegistryId registry, const std::vector<std::string>& folders) {
  std::string names;
  std::vector<db::Value> values{db::to_value(registry)};
  values.reserve(folders.size() + 2);
  for (const auto& folder : folders) {
    names += fmt::format("{}:folder{}", names.empty() ? "" : ", ", values.size());
    values.push_back(db::to_value(folder));
  }
  return {fmt::format("SELECT n.id FROM namespace n WHERE n.registry_id = :registry AND n.name IN ({}) "
                      "ORDER BY length(n.name) DESC LIMIT 1",
                      names),
          std::move(values)};
}

// Where the namespace of each row is kept beside it, and which column has the name of the repository.
struct Table {
  std::string_view table;
  std::string_view name;
};
constexpr std::array<Table, 2> kept_in{{{"repository", "name"}, {"trash_entry", "repository"}}};

void assign_row(db::Session& session, std::string_view table, std::int64_t id, RegistryId registry,
                const RepositoryPath& path) {
  auto folders = folders_around(path.str());
  if (folders.empty()) folders.emplace_back("/");
  auto [query, values] = innermost(registry, folders);
  values.push_back(db::to_value(id));
  session.execute_with(fmt::format("UPDATE {} SET namespace_id = ({}) WHERE id = :id", table, query),
                       std::move(values));
}

// Names below "team/" are those from there up to "team0", since '0' follows '/': an index finds them.
struct Below {
  explicit Below(const NamespaceName& name) : from(name.str() + "/"), to(name.str() + "0") {}
  std::string from;
  std::string to;
};

}  // namespace

void assign(db::Session& session, RepositoryId repository, RegistryId registry, const RepositoryPath& path) {
  assign_row(session, "repository", repository.value(), registry, path);
}

void assign(db::Session& session, TrashId entry, RegistryId registry, const RepositoryPath& path) {
  assign_row(session, "trash_entry", entry.value(), registry, path);
}

void take_over(db::Session& session, NamespaceId id, RegistryId registry, const NamespaceName& name) {
  for (const auto& [table, column] : kept_in) {
    if (name.is_root()) {
      session.execute(
          fmt::format("UPDATE {} SET namespace_id = :id WHERE registry_id = :registry AND {} NOT LIKE '%/%'", table,
                      column),
          id, registry);
      continue;
    }
    const Below below(name);
    session.execute(fmt::format("UPDATE {0} SET namespace_id = :id WHERE registry_id = :registry AND {1} >= :from "
                                "AND {1} < :to AND (namespace_id IS NULL OR namespace_id NOT IN (SELECT n.id FROM "
                                "namespace n WHERE n.registry_id = :registry AND n.name >= :from AND n.name < :to))",
                                table, column),
                    id, registry, below.from, below.to);
  }
}

void hand_over(db::Session& session, NamespaceId id) {
  const auto going =
      session.find<RegistryId, NamespaceName>("SELECT registry_id, name FROM namespace WHERE id = :id", id);
  if (!going) return;
  const auto& [registry, name] = *going;
  const auto folders = folders_around(name.is_root() ? std::string_view() : name.str());
  std::optional<NamespaceId> heir;
  if (!folders.empty()) {
    auto [query, values] = innermost(registry, folders);
    for (const auto& [found] : session.rows_of<NamespaceId>(query, std::move(values))) heir = found;
  }
  for (const auto& [table, column] : kept_in) {
    session.execute(fmt::format("UPDATE {} SET namespace_id = :heir WHERE namespace_id = :id", table), heir, id);
  }
}

}  // namespace spectacles::access::assignment
