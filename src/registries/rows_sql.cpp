#include "registries/rows_sql.h"

#include <string>
#include <tuple>

namespace spectacles::registries::rows {
namespace {

constexpr std::string_view selected =
    "SELECT id, name, url, ca, pin, public_host, service, key_mode FROM registry WHERE ";

using Row = std::tuple<RegistryId, Label, RegistryUrl, std::optional<std::string>, std::optional<Pin>, RegistryHost,
                       ServiceName, std::string>;

Registry to_registry(const Row& row) {
  const auto& [id, name, url, ca, pin, public_host, service, key_mode] = row;
  return {.id = id,
          .name = name,
          .address = {.url = url, .ca = ca, .pin = pin},
          .public_host = public_host,
          .service = service,
          .key_mode = parse_key_mode(key_mode).value()};
}

template <class... Values>
std::vector<Registry> select(db::Session& session, std::string_view condition, const Values&... values) {
  const auto found =
      session.rows<RegistryId, Label, RegistryUrl, std::optional<std::string>, std::optional<Pin>, RegistryHost,
                   ServiceName, std::string>(std::string(selected).append(condition), values...);
  std::vector<Registry> registries;
  registries.reserve(found.size());
  for (const auto& row : found) registries.push_back(to_registry(row));
  return registries;
}

template <class Key>
std::optional<Registry> find_by(db::Session& session, std::string_view condition, const Key& key) {
  auto found = select(session, condition, key);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace

std::optional<Registry> find_registry(db::Session& session, RegistryId id) {
  return find_by(session, "id = :id", id);
}

std::optional<Registry> find_registry(db::Session& session, const Label& name) {
  return find_by(session, "name = :name", name);
}

std::optional<Registry> find_registry(db::Session& session, const ServiceName& service) {
  return find_by(session, "service = :service", service);
}

std::vector<Registry> all_registries(db::Session& session) {
  return select(session, "1 = 1 ORDER BY name");
}

RegistryId insert_registry(db::Session& session, const Registry& registry, Time now) {
  session.count_change();
  return RegistryId(session.insert(
      "INSERT INTO registry (name, url, ca, pin, public_host, service, key_mode, created_at, changed_at) "
      "VALUES (:name, :url, :ca, :pin, :public_host, :service, :key_mode, :created_at, :changed_at)",
      registry.name, registry.address.url, registry.address.ca, registry.address.pin, registry.public_host,
      registry.service, render_key_mode(registry.key_mode), now, now));
}

void update_registry(db::Session& session, const Registry& registry, Time now) {
  session.count_change();
  session.execute(
      "UPDATE registry SET name = :name, url = :url, ca = :ca, pin = :pin, public_host = :public_host, "
      "service = :service, key_mode = :key_mode, changed_at = :now WHERE id = :id",
      registry.name, registry.address.url, registry.address.ca, registry.address.pin, registry.public_host,
      registry.service, render_key_mode(registry.key_mode), now, registry.id);
}

void delete_registry(db::Session& session, RegistryId id) {
  session.count_change();
  session.execute("DELETE FROM registry WHERE id = :id", id);
}

}  // namespace spectacles::registries::rows
