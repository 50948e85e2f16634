// The registries of this installation: each use case is one transaction with its event.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "audit/recorder.h"
#include "audit/revision.h"
#include "base/clock.h"
#include "db/database.h"
#include "db/remembered.h"
#include "registries/registry.h"

namespace spectacles::registries {

// What is to become different; what is left out stays.
struct RegistryChange {
  std::optional<Label> name = {};
  std::optional<RegistryAddress> address = {};  // as a whole, as it was tested
  std::optional<RegistryHost> public_host = {};
  std::optional<ServiceName> service = {};
  std::optional<KeyMode> key_mode = {};
};

audit::Revision revision_of(const Registry& registry);

// All functions throw db::Error when the database fails.
class RegistryStore {
 public:
  RegistryStore(db::Database& database, db::Generation& generation, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock), by_service_(generation, most_services) {}

  // `registry.id` is ignored; the answer has the new one. Refuses a name or service that another registry has
  // (conflict, with "name" or "service" as the field).
  Result<Registry> add(const audit::Actor& actor, const Registry& registry);

  // Returns the registry as it is now. Refuses as add() does, an id that does not exist (not_found), and another
  // revision than the expected one (stale). A change that changes nothing leaves no event.
  Result<Registry> change(const audit::Actor& actor, RegistryId id, const RegistryChange& change,
                          const audit::ExpectedRevision& expected = audit::ExpectedRevision::any());

  // With all that was read from it. Refuses an id that does not exist (not_found), a registry that has namespaces
  // (conflict), and another revision than the expected one (stale).
  Result<void> remove(const audit::Actor& actor, RegistryId id,
                      const audit::ExpectedRevision& expected = audit::ExpectedRevision::any());

  std::optional<Registry> find(RegistryId id);
  std::optional<Registry> find(const Label& name);
  // Of what this program has committed, and what others had half a second ago; null when there is none.
  std::shared_ptr<const Registry> find(const ServiceName& service);
  std::vector<Registry> list();  // by name

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  static constexpr std::size_t most_services = 1000;
  db::Remembered<ServiceName, std::shared_ptr<const Registry>> by_service_;
};

}  // namespace spectacles::registries
