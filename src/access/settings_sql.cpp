#include "access/settings_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "access/moves_sql.h"

namespace spectacles::access {
namespace {

constexpr std::string_view personal = "personal_namespace_registry";  // the id of a registry
constexpr std::string_view browsing = "anonymous_browsing";           // "true", or it is not there
constexpr std::string_view trash_kept = "trash_kept_days";
constexpr std::string_view public_url_name = "public_url";
constexpr std::int64_t usual_trash_kept = 30;
constexpr std::int64_t most_trash_kept = 3650;

boost::json::object describe(const Settings& settings) {
  const auto& registry = settings.personal_namespace_registry;
  return {
      {personal, registry ? boost::json::value(registry->str()) : boost::json::value(nullptr)},
      {browsing, settings.anonymous_browsing},
      {trash_kept, settings.trash_kept_days},
      {public_url_name, settings.public_url ? boost::json::value(*settings.public_url) : boost::json::value(nullptr)}};
}

std::optional<std::string> find_public_url(db::Session& session) {
  const auto stored = session.find<std::string>("SELECT value FROM setting WHERE name = :name", public_url_name);
  return stored ? std::optional(std::get<0>(*stored)) : std::nullopt;
}

void save(db::Session& session, std::string_view name, const std::optional<std::string>& value) {
  session.execute("DELETE FROM setting WHERE name = :name", name);
  if (value) session.execute("INSERT INTO setting (name, value) VALUES (:name, :value)", name, *value);
}

// The id of the registry of this name. Refuses one that does not exist.
Result<std::optional<std::int64_t>> find_id(db::Session& session, const std::optional<Label>& name) {
  if (!name) return std::nullopt;
  for (const auto& known : rows::all_registries(session)) {
    if (known.name == *name) return known.id.value();
  }
  return refuse(RefusalKind::invalid, "there is no registry of this name", std::string(personal));
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

Settings SettingsStore::load_from(db::Session& session) const {
  const auto registry = personal_namespace_registry(session);
  const auto kept = session.find<std::int64_t>("SELECT value FROM setting WHERE name = :name", trash_kept);
  Settings settings{.personal_namespace_registry = registry ? std::optional(registry->name) : std::nullopt,
                    .anonymous_browsing = allows_anonymous_browsing(session),
                    .trash_kept_days = kept ? std::get<0>(*kept) : usual_trash_kept,
                    .public_url = fixed_public_url_ ? fixed_public_url_ : find_public_url(session),
                    .revision = audit::Revision("")};
  settings.revision = audit::revision_of(describe(settings));
  return settings;
}

Settings SettingsStore::load() {
  return database_.read([this](db::Session& session) { return load_from(session); });
}

std::optional<std::string> SettingsStore::public_url() {
  return fixed_public_url_ ? fixed_public_url_ : database_.read(find_public_url);
}

Result<Settings> SettingsStore::change(const SettingsChange& change, const audit::ExpectedRevision& expected,
                                       const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<Settings> {
    const auto before = load_from(session);
    auto after = before;
    std::optional<std::int64_t> registry;
    if (change.personal_namespace_registry) {
      after.personal_namespace_registry = *change.personal_namespace_registry;
      const auto id = find_id(session, after.personal_namespace_registry);
      if (!id) return pass_on(id);
      registry = *id;
    }
    after.anonymous_browsing = change.anonymous_browsing.value_or(before.anonymous_browsing);
    if (change.trash_kept_days) {
      after.trash_kept_days = *change.trash_kept_days;
      if (after.trash_kept_days < 1 || after.trash_kept_days > most_trash_kept) {
        return refuse(RefusalKind::invalid, "trash_kept_days must be from 1 to 3650", std::string(trash_kept));
      }
    }
    if (change.public_url) after.public_url = *change.public_url;
    if (fixed_public_url_ && after.public_url != before.public_url) {
      return refuse(RefusalKind::conflict, "this is set by SPECTACLES_PUBLIC_URL and can be changed only there",
                    std::string(public_url_name));
    }
    const auto state_before = describe(before);
    const auto state_after = describe(after);
    if (auto fits = audit::check_change(expected, state_before, state_after); !fits) return pass_on(fits);
    if (state_before == state_after) return before;
    if (change.personal_namespace_registry) {
      save(session, personal, registry ? std::optional(std::to_string(*registry)) : std::nullopt);
    }
    if (after.anonymous_browsing != before.anonymous_browsing) {
      session.count_change();
      save(session, browsing, after.anonymous_browsing ? std::optional<std::string>("true") : std::nullopt);
    }
    if (after.public_url != before.public_url) save(session, public_url_name, after.public_url);
    if (change.trash_kept_days) save(session, trash_kept, std::to_string(after.trash_kept_days));
    recorder_.record(
        session, actor,
        {.action = "settings.changed", .subject = "settings", .before = state_before, .after = state_after});
    return load_from(session);
  });
}

}  // namespace spectacles::access
