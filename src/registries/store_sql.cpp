#include "registries/store_sql.h"

#include <boost/json/object.hpp>

#include "crypto/certificate.h"
#include "registries/rows_sql.h"

namespace spectacles::registries {
namespace {

// A CA is shown by the fingerprint of its first certificate: who reads the record compares, and need not read PEM.
boost::json::value render_ca(const std::optional<std::string>& ca) {
  if (!ca) return nullptr;
  const auto certificate = crypto::Certificate::parse_pem(*ca);
  if (!certificate) return "unreadable";
  return boost::json::string(certificate->fingerprint());
}

boost::json::object render_state(const Registry& registry) {
  const auto& pin = registry.address.pin;
  return {
      {"name", registry.name.str()},
      {"url", registry.address.url.str()},
      {"public", registry.public_host.str()},
      {"service", registry.service.str()},
      {"key_mode", render_key_mode(registry.key_mode)},
      {"ca", render_ca(registry.address.ca)},
      {"pin", pin ? boost::json::value(pin->str()) : boost::json::value(nullptr)},
  };
}

// What of `registry` another one has already.
std::optional<Refusal> find_conflict(db::Session& session, const Registry& registry,
                                     std::optional<RegistryId> itself = {}) {
  if (const auto other = rows::find_registry(session, registry.name); other && other->id != itself) {
    return Refusal{RefusalKind::conflict, "there is a registry of this name already", "name"};
  }
  if (const auto other = rows::find_registry(session, registry.service); other && other->id != itself) {
    return Refusal{RefusalKind::conflict, "another registry has this service name: each registry needs its own",
                   "service"};
  }
  return std::nullopt;
}

// Where two programs write at once, the engine finds the conflict that find_conflict could not see yet.
tl::unexpected<Refusal> name_conflict(db::Database& database, const Registry& registry,
                                      std::optional<RegistryId> itself = {}) {
  auto conflict = database.read([&](db::Session& session) { return find_conflict(session, registry, itself); });
  return tl::unexpected<Refusal>(conflict.value_or(
      Refusal{RefusalKind::conflict, "there was a registry of this name or service a moment ago; try again", "name"}));
}

tl::unexpected<Refusal> no_such_registry() {
  return refuse(RefusalKind::not_found, "there is no such registry");
}

Registry apply(Registry registry, const RegistryChange& change) {
  if (change.name) registry.name = *change.name;
  if (change.address) registry.address = *change.address;
  if (change.public_host) registry.public_host = *change.public_host;
  if (change.service) registry.service = *change.service;
  if (change.key_mode) registry.key_mode = *change.key_mode;
  return registry;
}

}  // namespace

audit::Revision revision_of(const Registry& registry) {
  return audit::revision_of(render_state(registry));
}

Result<Registry> RegistryStore::add(const audit::Actor& actor, const Registry& registry) {
  try {
    return database_.write([&](db::Session& session) -> Result<Registry> {
      if (auto conflict = find_conflict(session, registry)) return tl::unexpected<Refusal>(*conflict);
      Registry added = registry;
      added.id = rows::insert_registry(session, registry, clock_.now());
      recorder_.record(session, actor,
                       {.action = "registry.created", .subject = added.name.str(), .after = render_state(added)});
      return added;
    });
  } catch (const db::UniqueViolation&) {
    return name_conflict(database_, registry);
  }
}

Result<Registry> RegistryStore::change(const audit::Actor& actor, RegistryId id, const RegistryChange& change,
                                       const audit::ExpectedRevision& expected) {
  std::optional<Registry> wanted;
  try {
    return database_.write([&](db::Session& session) -> Result<Registry> {
      const auto before = rows::find_registry(session, id);
      if (!before) return no_such_registry();
      wanted = apply(*before, change);
      if (*wanted == *before) return *before;
      if (auto fits = expected.check(revision_of(*before)); !fits) return pass_on(fits);
      if (auto conflict = find_conflict(session, *wanted, id)) return tl::unexpected<Refusal>(*conflict);
      rows::update_registry(session, *wanted, clock_.now());
      recorder_.record(session, actor,
                       {.action = "registry.changed",
                        .subject = wanted->name.str(),
                        .before = render_state(*before),
                        .after = render_state(*wanted)});
      return *wanted;
    });
  } catch (const db::UniqueViolation&) {
    return name_conflict(database_, wanted.value(), id);
  }
}

Result<void> RegistryStore::remove(const audit::Actor& actor, RegistryId id, const audit::ExpectedRevision& expected) {
  try {
    return database_.write([&](db::Session& session) -> Result<void> {
      const auto before = rows::find_registry(session, id);
      if (!before) return no_such_registry();
      if (auto fits = expected.check(revision_of(*before)); !fits) return fits;
      rows::delete_registry(session, id);
      recorder_.record(session, actor,
                       {.action = "registry.deleted", .subject = before->name.str(), .before = render_state(*before)});
      return {};
    });
  } catch (const db::ForeignKeyViolation&) {
    return refuse(RefusalKind::conflict, "the registry has namespaces; delete those first");
  }
}

std::optional<Registry> RegistryStore::find(RegistryId id) {
  return database_.read([&](db::Session& session) { return rows::find_registry(session, id); });
}

std::optional<Registry> RegistryStore::find(const Label& name) {
  return database_.read([&](db::Session& session) { return rows::find_registry(session, name); });
}

std::shared_ptr<const Registry> RegistryStore::find(const ServiceName& service) {
  return by_service_.get(service, [&]() -> std::shared_ptr<const Registry> {
    auto found = database_.read([&](db::Session& session) { return rows::find_registry(session, service); });
    return found ? std::make_shared<const Registry>(*std::move(found)) : nullptr;
  });
}

std::vector<Registry> RegistryStore::list() {
  return database_.read([](db::Session& session) { return rows::all_registries(session); });
}

}  // namespace spectacles::registries
