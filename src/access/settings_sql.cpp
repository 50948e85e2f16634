#include "access/settings_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "access/moves_sql.h"

namespace spectacles::access {
namespace {

constexpr std::string_view personal = "personal_namespace_registry";  // the id of a registry
constexpr std::string_view browsing = "anonymous_browsing";           // "true", or it is not there

boost::json::object describe(const Settings& settings) {
  const auto& registry = settings.personal_namespace_registry;
  return {{personal, registry ? boost::json::value(registry->str()) : boost::json::value(nullptr)},
          {browsing, settings.anonymous_browsing}};
}

Settings load_settings(db::Session& session) {
  const auto registry = personal_namespace_registry(session);
  Settings settings{.personal_namespace_registry = registry ? std::optional(registry->name) : std::nullopt,
                    .anonymous_browsing = allows_anonymous_browsing(session),
                    .revision = audit::Revision("")};
  settings.revision = audit::revision_of(describe(settings));
  return settings;
}

void save(db::Session& session, std::string_view name, const std::optional<std::string>& value) {
  session.execute("DELETE FROM setting WHERE name = :name", name);
  if (value) session.execute("INSERT INTO setting (name, value) VALUES (:name, :value)", name, *value);
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

bool allows_anonymous_browsing(db::Session& session) {
  const auto stored = session.find<std::string>("SELECT value FROM setting WHERE name = :name", browsing);
  return stored && std::get<0>(*stored) == "true";
}

Settings SettingsStore::load() {
  return database_.read([](db::Session& session) { return load_settings(session); });
}

Result<Settings> SettingsStore::change(const SettingsChange& change, const audit::ExpectedRevision& expected,
                                       const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<Settings> {
    const auto before = load_settings(session);
    auto wanted = before;
    std::optional<RegistryId> registry;
    if (change.personal_namespace_registry) {
      wanted.personal_namespace_registry = *change.personal_namespace_registry;
      for (const auto& known : rows::all_registries(session)) {
        if (known.name == wanted.personal_namespace_registry) registry = known.id;
      }
      if (wanted.personal_namespace_registry && !registry) {
        return refuse(RefusalKind::invalid, "there is no registry of this name", std::string(personal));
      }
    }
    wanted.anonymous_browsing = change.anonymous_browsing.value_or(before.anonymous_browsing);
    const auto state_before = describe(before);
    const auto state_after = describe(wanted);
    if (auto fits = audit::check_change(expected, state_before, state_after); !fits) return pass_on(fits);
    if (state_before == state_after) return before;
    if (change.personal_namespace_registry) {
      save(session, personal, registry ? std::optional(std::to_string(registry->value())) : std::nullopt);
    }
    if (wanted.anonymous_browsing != before.anonymous_browsing) {
      session.count_change();
      save(session, browsing, wanted.anonymous_browsing ? std::optional<std::string>("true") : std::nullopt);
    }
    recorder_.record(
        session, actor,
        {.action = "settings.changed", .subject = "settings", .before = state_before, .after = state_after});
    return load_settings(session);
  });
}

}  // namespace spectacles::access
