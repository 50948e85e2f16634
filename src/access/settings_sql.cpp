#include "access/settings_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "access/moves_sql.h"

namespace spectacles::access {
namespace {

constexpr std::string_view personal = "personal_namespace_registry";  // the id of a registry

boost::json::object describe(const std::optional<Label>& registry) {
  return {{personal, registry ? boost::json::value(registry->str()) : boost::json::value(nullptr)}};
}

Settings load_settings(db::Session& session) {
  const auto registry = personal_namespace_registry(session);
  const auto name = registry ? std::optional(registry->name) : std::nullopt;
  return {.personal_namespace_registry = name, .revision = audit::revision_of(describe(name))};
}

void save(db::Session& session, std::optional<RegistryId> registry) {
  session.execute("DELETE FROM setting WHERE name = :name", personal);
  if (registry) {
    session.execute("INSERT INTO setting (name, value) VALUES (:name, :value)", personal,
                    std::to_string(registry->value()));
  }
}

}  // namespace

std::optional<RegistryReference> personal_namespace_registry(db::Session& session) {
  const auto stored = session.find<std::string>("SELECT value FROM setting WHERE name = :name", personal);
  const auto id = stored ? parse_id<RegistryId>(std::get<0>(*stored)) : std::nullopt;
  if (!id) return std::nullopt;
  const auto registries = rows::all_registries(session);
  const auto found = std::find_if(registries.begin(), registries.end(),
                                  [&](const RegistryReference& registry) { return registry.id == *id; });
  if (found == registries.end()) return std::nullopt;  // it was removed
  return *found;
}

bool may_have_personal_namespace(db::Session& session, RegistryId registry, const UserName& username) {
  const auto chosen = personal_namespace_registry(session);
  const auto name = NamespaceName::parse(username.str());
  return chosen && chosen->id == registry && name && moves_into(session, registry, *name).empty();
}

Settings SettingsStore::load() {
  return database_.read([](db::Session& session) { return load_settings(session); });
}

Result<Settings> SettingsStore::change(const SettingsChange& change, const audit::ExpectedRevision& expected,
                                       const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<Settings> {
    const auto before = load_settings(session);
    if (!change.personal_namespace_registry) return before;
    const auto& wanted = *change.personal_namespace_registry;
    std::optional<RegistryId> registry;
    for (const auto& known : rows::all_registries(session)) {
      if (wanted && known.name == *wanted) registry = known.id;
    }
    if (wanted && !registry) {
      return refuse(RefusalKind::invalid, "there is no registry of this name", std::string(personal));
    }
    const auto state_before = describe(before.personal_namespace_registry);
    const auto state_after = describe(wanted);
    if (auto fits = audit::check_change(expected, state_before, state_after); !fits) return pass_on(fits);
    if (state_before == state_after) return before;
    save(session, registry);
    recorder_.record(
        session, actor,
        {.action = "settings.changed", .subject = "settings", .before = state_before, .after = state_after});
    return load_settings(session);
  });
}

}  // namespace spectacles::access
