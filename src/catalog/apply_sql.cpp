#include "catalog/apply_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "catalog/tell_sql.h"
#include "catalog/write_sql.h"

namespace spectacles::catalog {
namespace {

struct KnownTag {
  Digest digest;
  Time pushed_at;
};

class Application {
 public:
  Application(db::Session& session, const audit::Recorder& recorder, RegistryId registry, const Notification& told,
              Time now)
      : session_(session), recorder_(recorder), registry_(registry), told_(told), now_(now) {}

  std::optional<Pushed> push() {
    auto place = find_place();
    if (!place) {
      rows::insert_repository(session_, registry_, told_.repository, now_);
      place = find_place();
    }
    const auto newest = std::max(told_.at, place->pushed_at);
    bool is_unread = false;
    if (told_.tag) is_unread = push_tag(*place);  // else a manifest of an index that follows, or of none
    session_.execute("UPDATE repository SET pushed_at = :at, missing_since = NULL, missing_passes = 0 WHERE id = :id",
                     newest, place->id);
    if (!is_unread) return std::nullopt;
    return Pushed{registry_, told_.repository, *told_.digest};
  }

  void remove() {
    const auto place = find_place();
    if (!place) return;
    const auto gone = session_.rows<TagName, Digest>(
        "SELECT name, digest FROM tag WHERE repository_id = :repository AND pushed_at <= :at "
        "AND ((:by_tag = 1 AND name = :name) OR (:by_tag = 0 AND digest = :digest)) ORDER BY name",
        place->id, told_.at, told_.tag.has_value(), told_.tag ? told_.tag->str() : "",
        told_.digest ? told_.digest->str() : "");
    for (const auto& [tag, digest] : gone) {
      rows::delete_tag(session_, registry_, place->id, tag);
      record("tag.deleted", *place, tag, render_digest(digest), nullptr);
      tell(hooks::HookEvent::remove, *place, tag, digest);
    }
    if (!gone.empty()) rows::recount_repository(session_, registry_, place->id);
  }

  void pull() {
    const auto place = find_place();
    if (!place) return;
    const auto counted = count_tags(*place);
    // The manifests of an index are pulled after it: they say that it is in use, and are no pull of their own.
    const bool is_part = counted == 0 && !told_.tag && mark_indexes(*place) > 0;
    session_.execute(
        "UPDATE repository SET pulls = pulls + :count, pulled_at = CASE WHEN pulled_at < :at THEN :at ELSE pulled_at "
        "END WHERE id = :id",
        is_part ? 0 : 1, told_.at, place->id);
    if (!is_part) tell(hooks::HookEvent::pull, *place, told_.tag, told_.digest);
  }

 private:
  static boost::json::value render_digest(const Digest& digest) {
    return boost::json::object{{"digest", digest.str()}};
  }

  std::optional<Place> find_place() { return catalog::find_place(session_, registry_, told_.repository); }

  // Whether it is to be read what the tag stands for now.
  bool push_tag(const Place& place) {
    const auto known = find_tag(place);
    const bool is_unread = !is_overtaken(known) && !write_tag(place, known).is_settled;
    record("tag.pushed", place, *told_.tag, known ? render_digest(known->digest) : nullptr,
           render_digest(*told_.digest));
    if (!was_found(session_, place, *told_.tag, *told_.digest, told_.at)) {
      tell(hooks::HookEvent::push, place, told_.tag, told_.digest);
    }
    return is_unread;
  }

  std::optional<KnownTag> find_tag(const Place& place) {
    const auto found = session_.find<Digest, Time>(
        "SELECT digest, pushed_at FROM tag WHERE repository_id = :repository AND name = :name", place.id, *told_.tag);
    if (!found) return std::nullopt;
    return KnownTag{std::get<0>(*found), std::get<1>(*found)};
  }

  // Whether something newer than this push is known already.
  bool is_overtaken(const std::optional<KnownTag>& known) {
    if (known && told_.at < known->pushed_at) {
      // Times of two clocks, if a pass has found it: the registry itself knows.
      if (known->digest != *told_.digest) ask_for_pass();
      return true;
    }
    return !known && session_.single<bool>(
                         "SELECT EXISTS (SELECT 1 FROM notification WHERE registry_id = :registry "
                         "AND repository = :repository AND action = 'delete' AND at > :at AND processed_at IS NOT NULL "
                         "AND (tag = :tag OR digest = :digest))",
                         registry_, told_.repository, told_.at, *told_.tag, *told_.digest);
  }

  void ask_for_pass() {
    session_.execute("UPDATE registry_sync SET requested_at = :now WHERE registry_id = :registry", now_, registry_);
  }

  // Returns what it stands for.
  rows::StoredManifest write_tag(const Place& place, const std::optional<KnownTag>& known) {
    const auto& tag = *told_.tag;
    const auto stored = store_manifest();
    const rows::TagRow row{tag, {*told_.digest, told_.media_type}, stored.id, stored.size};
    const bool is_moved = known && known->digest != *told_.digest;
    if (!known) {
      rows::insert_tags(session_, registry_, place.id, {row}, now_);
    } else if (is_moved) {
      rows::move_tag(session_, registry_, place.id, row, now_);
    } else {
      rows::complete_tag(session_, registry_, place.id, row);
    }
    session_.execute("UPDATE tag SET pushed_at = :at WHERE repository_id = :repository AND name = :name", told_.at,
                     place.id, tag);
    if (!known || is_moved) {
      rows::touch_repository(session_, registry_, place.id, now_);
      rows::recount_repository(session_, registry_, place.id);
    }
    return stored;
  }

  // What it stands for may be known from another tag; else it is to be read.
  rows::StoredManifest store_manifest() {
    const auto stored = rows::find_manifests(session_, registry_, {*told_.digest});
    if (!stored.empty()) return stored.begin()->second;
    return {.id = rows::insert_unread_manifest(session_, registry_, *told_.digest, told_.media_type, now_),
            .is_settled = false,
            .size = 0};
  }

  std::int64_t count_tags(const Place& place) {
    return session_.execute(
        "UPDATE tag SET pulls = pulls + 1, pulled_at = CASE WHEN pulled_at < :at THEN :at ELSE pulled_at END "
        "WHERE repository_id = :repository AND ((:by_tag = 1 AND name = :name) OR (:by_tag = 0 AND digest = :digest))",
        told_.at, place.id, told_.tag.has_value(), told_.tag ? told_.tag->str() : "",
        told_.digest ? told_.digest->str() : "");
  }

  // The tags that stand for an index which the digest is a part of; returns how many these are.
  std::int64_t mark_indexes(const Place& place) {
    const auto indexes = session_.rows<TagName>(
        "SELECT t.name FROM tag t JOIN manifest_part p ON p.manifest_id = t.manifest_id "
        "WHERE t.repository_id = :repository AND p.role = 'manifest' AND p.digest = :digest",
        place.id, *told_.digest);
    for (const auto& [tag] : indexes) {
      session_.execute(
          "UPDATE tag SET pulled_at = CASE WHEN pulled_at < :at THEN :at ELSE pulled_at END "
          "WHERE repository_id = :repository AND name = :name",
          told_.at, place.id, tag);
    }
    return static_cast<std::int64_t>(indexes.size());
  }

  void record(std::string action, const Place& place, const TagName& tag, boost::json::value before,
              boost::json::value after) {
    const auto account = session_.find<AccountId>("SELECT id FROM account WHERE username = :name", told_.actor);
    const audit::Actor actor{.id = account ? std::optional(std::get<0>(*account)) : std::nullopt,
                             .name = told_.actor,
                             .address = told_.address};
    recorder_.record(session_, actor,
                     {.action = std::move(action),
                      .subject = place.registry_name.str() + ": " + told_.repository.str() + ":" + tag.str(),
                      .ns = place.ns,
                      .before = std::move(before),
                      .after = std::move(after)});
  }

  void tell(hooks::HookEvent event, const Place& place, const std::optional<TagName>& tag,
            const std::optional<Digest>& digest) {
    catalog::tell(session_, place, {.event = event, .at = told_.at, .tag = tag, .digest = digest, .actor = told_.actor},
                  now_);
  }

  db::Session& session_;
  const audit::Recorder& recorder_;
  const RegistryId registry_;
  const Notification& told_;
  const Time now_;
};

}  // namespace

std::optional<Pushed> apply(db::Session& session, const audit::Recorder& recorder, RegistryId registry,
                            const Notification& notification, Time now) {
  Application application(session, recorder, registry, notification, now);
  switch (notification.action) {
    case NotificationAction::push:
      return application.push();
    case NotificationAction::remove:
      application.remove();
      break;
    case NotificationAction::pull:
      application.pull();
      break;
  }
  return std::nullopt;
}

}  // namespace spectacles::catalog
