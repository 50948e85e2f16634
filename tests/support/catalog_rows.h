// For tests of reading: registries, namespaces, repositories, tags and manifests put into the database row by row, as
// the background leaves them behind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/rows_sql.h"
#include "access/store_sql.h"
#include "catalog/browse_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"
#include "names/natural_key.h"

namespace spectacles::catalog {

struct RepositoryRow {
  std::string name;
  std::string natural_name = {};  // empty: that of the name
  std::int64_t tags = 0;
  std::int64_t size = 0;
  std::int64_t pushed_at = 0;
  std::int64_t pulled_at = 0;
  std::int64_t changed_at = 0;
};

struct ManifestRow {
  std::string digest;
  std::string media_type = "application/vnd.oci.image.manifest.v1+json";
  std::string state = "read";
  std::optional<std::string> problem = {};
  std::optional<std::string> kind = "image";
  std::optional<std::string> artifact_type = {};
  std::optional<std::string> subject = {};
  std::optional<std::string> bytes = {};
  std::optional<std::string> config = {};
};

struct PartRow {
  std::string role;
  std::string digest;
  std::int64_t size = 0;
  std::optional<std::string> platform = {};
};

inline std::string test_digest(std::int64_t number) {
  return fmt::format("sha256:{:064x}", number);
}

class CatalogRows {
 public:
  explicit CatalogRows(const db::Options& options) : database(options) { db::migrate(database); }

  AccountId add_account(const std::string& name, accounts::Role role = accounts::Role::user) {
    return AccountId(insert(
        "INSERT INTO account (username, password_hash, role, created_at, changed_at) VALUES (:name, 'x', :role, 0, 0)",
        name, accounts::render_role(role)));
  }
  GroupId add_group(const std::string& name) {
    return GroupId(insert("INSERT INTO user_group (name, created_at) VALUES (:name, 0)", name));
  }
  RegistryId add_registry(const std::string& name, const std::string& host = "localhost:5000") {
    return RegistryId(
        insert("INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
               "VALUES (:name, 'http://localhost:5000', :host, :service, 'x5c', 0, 0)",
               name, host, name));
  }
  NamespaceId add_namespace(const access::Namespace& ns) {
    return database.write(
        [&](db::Session& session) { return access::rows::insert_namespace(session, ns, from_millis(0)); });
  }

  // With the namespace that decides on it now.
  RepositoryId add_repository(RegistryId registry, const RepositoryRow& row) {
    return add_repositories(registry, {row}).front();
  }
  std::vector<RepositoryId> add_repositories(RegistryId registry, const std::vector<RepositoryRow>& rows) {
    const auto namespaces = access.namespaces();
    return database.write([&](db::Session& session) {
      std::vector<RepositoryId> ids;
      ids.reserve(rows.size());
      for (const auto& row : rows) {
        const auto* covering = namespaces->find_covering(registry, RepositoryPath::parse(row.name).value());
        ids.emplace_back(session.insert(
            "INSERT INTO repository (registry_id, name, natural_name, namespace_id, tag_count, size, pushed_at, "
            "pulled_at, first_seen_at, changed_at) VALUES (:registry, :name, :natural, :ns, :tags, :size, :pushed, "
            ":pulled, 0, :changed)",
            registry, row.name, row.natural_name.empty() ? natural_key(row.name) : row.natural_name,
            covering != nullptr ? std::optional(covering->id) : std::nullopt, row.tags, row.size, row.pushed_at,
            row.pulled_at, row.changed_at));
      }
      return ids;
    });
  }

  void add_tag(RepositoryId repository, const std::string& name, const std::string& digest, std::int64_t size = 0,
               std::int64_t pushed_at = 0) {
    database.write([&](db::Session& session) { insert_tag(session, repository, name, digest, size, pushed_at); });
  }
  // Many in one transaction: as add_tag, with a digest of each tag's own.
  void add_tags(RepositoryId repository, const std::vector<std::string>& names) {
    database.write([&](db::Session& session) {
      std::int64_t number = repository.value() * 1'000'000;
      for (const auto& name : names) {
        ++number;
        insert_tag(session, repository, name, test_digest(number), number % 7, number % 5);
      }
    });
  }

  std::int64_t add_manifest(RegistryId registry, const ManifestRow& row, const std::vector<PartRow>& parts = {}) {
    return database.write([&](db::Session& session) {
      const auto id = session.insert(
          "INSERT INTO manifest (registry_id, digest, media_type, state, problem, kind, artifact_type, subject, bytes, "
          "config, first_seen_at) VALUES (:registry, :digest, :type, :state, :problem, :kind, :artifact, :subject, "
          ":bytes, :config, 0)",
          registry, row.digest, row.media_type, row.state, row.problem, row.kind, row.artifact_type, row.subject,
          row.bytes, row.config);
      std::int64_t position = 0;
      for (const auto& part : parts) {
        session.execute(
            "INSERT INTO manifest_part (manifest_id, position, role, digest, media_type, size, platform) "
            "VALUES (:id, :position, :role, :digest, 'a/type', :size, :platform)",
            id, position++, part.role, part.digest, part.size, part.platform);
      }
      session.execute(
          "UPDATE tag SET manifest_id = :id WHERE digest = :digest AND repository_id IN "
          "(SELECT id FROM repository WHERE registry_id = :registry)",
          id, row.digest, registry);
      return id;
    });
  }

  accounts::Principal principal(AccountId id, const std::string& name, accounts::Role role = accounts::Role::user,
                                std::set<GroupId> groups = {}) const {
    return {.account =
                accounts::Account{
                    .id = id, .username = UserName::parse(name).value(), .email = {}, .role = role, .created_at = {}},
            .groups = std::move(groups)};
  }

  db::Database database;
  db::Generation generation{database};
  access::AccessStore access{database, generation};
  ManualClock clock{from_millis(1'000'000)};
  CatalogStore store{database, access, clock};

 private:
  static void insert_tag(db::Session& session, RepositoryId repository, const std::string& name,
                         const std::string& digest, std::int64_t size, std::int64_t pushed_at) {
    session.execute(
        "INSERT INTO tag (repository_id, name, natural_name, digest, media_type, size, pushed_at, first_seen_at, "
        "changed_at) VALUES (:repository, :name, :natural, :digest, 'a/type', :size, :pushed, 0, 0)",
        repository, name, natural_key(name), digest, size, pushed_at);
  }
  template <class... Values>
  std::int64_t insert(const std::string& sql, const Values&... values) {
    return database.write([&](db::Session& session) { return session.insert(sql, values...); });
  }
};

}  // namespace spectacles::catalog
