#include "removal/remover.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "removal/look.h"
#include "removal/placeholder.h"

namespace spectacles::removal {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using Deletion = ManifestApi::Deletion;

std::string join(const std::vector<TagName>& tags) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(tags.size(), most); ++i) text += (i == 0 ? "" : ", ") + tags[i].str();
  return tags.size() > most ? fmt::format("{} and {} more", text, tags.size() - most) : text;
}

tl::unexpected<Refusal> refuse_part(const std::vector<TagName>& part_of) {
  return refuse(RefusalKind::conflict,
                fmt::format("it is part of what these tags lead to: {}; delete those first", join(part_of)));
}

// The tags that lead to a digest, without standing for it.
std::vector<TagName> leading_to(const View& view, const Digest& digest, const std::set<TagName>& going) {
  std::vector<TagName> tags;
  for (const auto& [tag, manifest] : view.tags) {
    const auto parts = view.parts_of(manifest.digest);
    const auto is_it = [&](const Resolved& part) { return part.digest == digest; };
    if (!going.contains(tag) && std::any_of(parts.begin(), parts.end(), is_it)) tags.push_back(tag);
  }
  return tags;
}

// Whole manifests, with all tags that they have; they may have none.
Result<Plan> plan_manifests(ManifestApi& api, const View& view, const std::vector<Digest>& digests) {
  std::set<TagName> going;
  for (const auto& digest : digests) going.merge(view.tags_of(digest));
  auto plan = plan_removal(view, going);
  for (const auto& digest : digests) {
    if (const auto part_of = leading_to(view, digest, going); !part_of.empty()) return refuse_part(part_of);
    if (!view.tags_of(digest).empty()) continue;
    const auto kept = api.read(digest);
    if (!kept) return pass_on(kept);
    if (!*kept) return refuse(RefusalKind::not_found, "the registry has no such manifest here");
    plan.manifests.push_back({(*kept)->manifest, {}, {}});
  }
  return plan;
}

// What became of a deletion of which the registry's answer did not come; it is asked. Whether anything was deleted:
// then it is finished, else forgotten.
Result<bool> settle_deletion(TrashStore& trash, ManifestApi& api, const Occasion& occasion, TrashId id,
                             const Resolved& manifest, const std::vector<TagName>& tags) {
  const auto kept = api.read(manifest.digest);
  if (!kept) return pass_on(kept);
  const bool died = !*kept;
  std::vector<TagName> gone;
  for (const auto& tag : tags) {
    const auto stands_for = api.resolve(tag);
    if (!stands_for) return pass_on(stands_for);
    if (died || !*stands_for) gone.push_back(tag);
  }
  if (!died && gone.empty()) {
    trash.forget(id);
    return false;
  }
  trash.finish(occasion, id, manifest, gone, died);
  return true;
}

// One deletion, as far as it needs to know what the registry has: looks again when what it saw is old, so that a tag
// that somebody sets meanwhile keeps its manifest.
class Session {
 public:
  Session(TrashStore& trash, const RegistryReach& reach, const Occasion& occasion, std::stop_token stop)
      : trash_(trash), occasion_(occasion), api_(occasion.registry, occasion.repository, reach, std::move(stop)) {}

  ManifestApi& api() { return api_; }

  Result<const View*> view() {
    const auto now = std::chrono::steady_clock::now();
    if (seen_ && now - seen_at_ <= std::max<std::chrono::steady_clock::duration>(fresh, 2 * took_)) return &*seen_;
    auto looked = look(api_);
    if (!looked) return pass_on(looked);
    seen_ = std::move(*looked);
    seen_at_ = std::chrono::steady_clock::now();
    took_ = seen_at_ - now;
    return &*seen_;
  }

  // Tags of one manifest. What refuses stays as it was.
  Result<void> remove_group(const std::vector<TagTarget>& targets) {
    const auto seen = view();
    if (!seen) return pass_on(seen);
    std::set<TagName> going;
    for (const auto& target : targets) {
      const auto found = (*seen)->tags.find(target.tag);
      if (found == (*seen)->tags.end()) continue;
      if (target.expected && found->second.digest != *target.expected) {
        return refuse(RefusalKind::stale, fmt::format("{} stands for another manifest now", target.tag.str()));
      }
      going.insert(target.tag);
    }
    const auto plan = plan_removal(**seen, going);
    if (plan.tags.empty()) return refuse(RefusalKind::not_found, "the registry has no such tag here");
    auto removed = plan.manifests.empty() ? untag(plan.tags) : kill(plan.manifests.front());
    if (removed) {
      for (const auto& tag : going) seen_->tags.erase(tag);
    }
    return removed;
  }

  // The manifest with its last tags, then what only it led to.
  Result<void> kill(const DyingManifest& dying) {
    const auto& manifest = dying.manifest;
    const auto id = keep(manifest, dying.tags);
    if (!id) return pass_on(id);
    const auto deleted = api_.remove(manifest.digest.str());
    if (!deleted && deleted.error().kind == RefusalKind::unavailable) {
      const auto settled = settle_deletion(trash_, api_, occasion_, *id, manifest, dying.tags);
      if (!settled || !*settled) return pass_on(deleted);
    } else if (!deleted || *deleted != Deletion::done) {
      trash_.forget(*id);
      if (!deleted) return pass_on(deleted);
      if (*deleted == Deletion::missing) return refuse(RefusalKind::not_found, "somebody else deleted it meanwhile");
      return refuse(RefusalKind::unavailable, "the registry does not take a digest to delete");
    } else {
      trash_.finish(occasion_, *id, manifest, dying.tags, true);
    }
    for (const auto& part : dying.parts) {
      // What is left of it does no harm: no tag leads there.
      if (const auto gone = api_.remove(part.digest.str()); !gone) {
        log::warn("a part of a deleted manifest stays", {{"digest", part.digest.str()}, {"reason", gone.error().text}});
      }
    }
    return {};
  }

 private:
  static constexpr std::chrono::seconds fresh{2};

  Result<TrashId> keep(const Resolved& manifest, const std::vector<TagName>& tags) {
    auto tree = read_tree(api_, manifest.digest);
    if (!tree) return pass_on(tree);
    if (!*tree) return refuse(RefusalKind::conflict, "the registry has lost this manifest meanwhile; try again");
    return trash_.begin(occasion_, **tree, tags);
  }

  // Tags whose manifest stays.
  Result<void> untag(const std::vector<GoingTag>& tags) {
    const auto& manifest = tags.front().manifest;
    std::vector<TagName> all;
    all.reserve(tags.size());
    for (const auto& going : tags) all.push_back(going.tag);
    const auto id = keep(manifest, all);
    if (!id) return pass_on(id);
    std::vector<TagName> done;
    Result<void> result;
    is_uncertain_ = false;
    for (const auto& tag : all) {
      result = untag(tag, manifest.digest, *id);
      if (!result) break;
      done.push_back(tag);
    }
    if (is_uncertain_) return result;  // the background finds out, and the entry says what there was until then
    if (done.empty()) {
      trash_.forget(*id);
    } else {
      trash_.finish(occasion_, *id, manifest, done, false);
    }
    return result;
  }

  // Distribution 3 takes a tag away; distribution 2 (400) only together with the manifest that it stands for.
  Result<void> untag(const TagName& tag, const Digest& expected, TrashId kept_in) {
    // Nothing stands between this and the deletion: what somebody has pushed since the tags were looked at stays.
    const auto stands_for = api_.resolve(tag);
    if (!stands_for) return pass_on(stands_for);
    if (!*stands_for) return refuse(RefusalKind::not_found, "somebody else deleted it meanwhile");
    if ((*stands_for)->digest != expected) {
      return refuse(RefusalKind::stale, fmt::format("{} stands for another manifest now", tag.str()));
    }
    const auto deleted = api_.remove(tag.str());
    if (!deleted) {
      is_uncertain_ = deleted.error().kind == RefusalKind::unavailable;
      return pass_on(deleted);
    }
    if (*deleted != Deletion::needs_digest) return {};
    return replace(tag, kept_in);
  }

  Result<void> replace(const TagName& tag, TrashId kept_in) {
    const auto placeholder = make_placeholder();
    const auto& digest = placeholder.manifest.digest;
    const auto pending = trash_.begin_tag(occasion_.registry.id, occasion_.repository, tag, digest);
    const auto put = api_.put(tag.str(), placeholder);
    if (!put || *put != ManifestApi::Put::done) {
      // Whether it arrived is not known: what is begun stays written down, and is finished later.
      is_uncertain_ = true;
      return put ? refuse(RefusalKind::unavailable, "the registry does not take a manifest without layers")
                 : pass_on(put);
    }
    const auto gone = api_.remove(digest.str());
    if (gone && *gone != Deletion::needs_digest) {
      trash_.end_tag(pending);
      return {};
    }
    if (put_back(tag, kept_in)) {
      trash_.end_tag(pending);
    } else {
      is_uncertain_ = true;
    }
    return gone ? refuse(RefusalKind::unavailable, "the registry does not take a digest to delete") : pass_on(gone);
  }

  bool put_back(const TagName& tag, TrashId kept_in) {
    const auto tree = trash_.manifests(kept_in);
    const auto put = api_.put(tag.str(), tree.back());
    return put && *put == ManifestApi::Put::done;
  }

  TrashStore& trash_;
  const Occasion& occasion_;
  ManifestApi api_;
  std::optional<View> seen_;
  SteadyTime seen_at_;
  std::chrono::steady_clock::duration took_{0};
  bool is_uncertain_ = false;  // whether a tag is gone, since an answer did not come
};

// Targets that stand for one manifest, those of indexes first; then each that is not there, or not what it was expected
// to be.
std::vector<std::vector<TagTarget>> group(const View& view, const std::vector<TagTarget>& targets) {
  std::map<Digest, std::vector<TagTarget>> by_digest;
  std::vector<std::vector<TagTarget>> groups;
  std::vector<std::vector<TagTarget>> alone;
  for (const auto& target : targets) {
    const auto found = view.tags.find(target.tag);
    const bool is_there = found != view.tags.end();
    if (is_there && (!target.expected || found->second.digest == *target.expected)) {
      by_digest[found->second.digest].push_back(target);
    } else {
      alone.push_back({target});  // refused when its turn comes, without taking others along
    }
  }
  for (const bool indexes : {true, false}) {
    for (const auto& [digest, of_one] : by_digest) {
      if (view.parts.contains(digest) == indexes) groups.push_back(of_one);
    }
  }
  groups.insert(groups.end(), alone.begin(), alone.end());
  return groups;
}

Result<std::vector<TagOutcome>> remove_groups(Session& session, const std::vector<TagTarget>& targets,
                                              const std::stop_token& stop) {
  const auto seen = session.view();
  if (!seen) return pass_on(seen);
  std::vector<TagOutcome> outcomes;
  outcomes.reserve(targets.size());
  for (const auto& of_one : group(**seen, targets)) {
    Result<void> removed = refuse(RefusalKind::unavailable, "stopped");
    if (!stop.stop_requested()) removed = session.remove_group(of_one);
    for (const auto& target : of_one) {
      outcomes.push_back({target.tag, removed ? std::nullopt : std::optional(removed.error())});
    }
  }
  return outcomes;
}

}  // namespace

Result<Plan> Remover::preview(const registries::Registry& registry, const RepositoryPath& repository,
                              const std::vector<TagName>& tags) {
  ManifestApi api(registry, repository, reach_);
  const auto view = look(api);
  if (!view) return pass_on(view);
  for (const auto& tag : tags) {
    if (!view->tags.contains(tag)) {
      return refuse(RefusalKind::not_found, "the registry has no such tag here");
    }
  }
  return plan_removal(*view, {tags.begin(), tags.end()});
}

Result<Plan> Remover::preview(const registries::Registry& registry, const RepositoryPath& repository,
                              const std::vector<Digest>& digests) {
  ManifestApi api(registry, repository, reach_);
  const auto view = look(api);
  if (!view) return pass_on(view);
  return plan_manifests(api, *view, digests);
}

Result<Plan> Remover::preview_all(const registries::Registry& registry, const RepositoryPath& repository) {
  ManifestApi api(registry, repository, reach_);
  const auto view = look(api);
  if (!view) return pass_on(view);
  std::set<TagName> all;
  for (const auto& [tag, manifest] : view->tags) all.insert(tag);
  return plan_removal(*view, all);
}

Result<std::vector<TagOutcome>> Remover::remove_tags(const Occasion& occasion, const std::vector<TagTarget>& targets,
                                                     const std::stop_token& stop) {
  Session session(trash_, reach_, occasion, stop);
  return remove_groups(session, targets, stop);
}

Result<void> Remover::remove_manifest(const Occasion& occasion, const Digest& digest) {
  Session session(trash_, reach_, occasion, {});
  const auto seen = session.view();
  if (!seen) return pass_on(seen);
  const auto plan = plan_manifests(session.api(), **seen, {digest});
  if (!plan) return pass_on(plan);
  return session.kill(plan->manifests.front());
}

Result<std::vector<TagOutcome>> Remover::remove_all(const Occasion& occasion) {
  Session session(trash_, reach_, occasion, {});
  const auto seen = session.view();
  if (!seen) return pass_on(seen);
  std::vector<TagTarget> targets;
  targets.reserve((*seen)->tags.size());
  for (const auto& [tag, manifest] : (*seen)->tags) targets.push_back({tag, {}});
  return remove_groups(session, targets, {});
}

Result<void> Remover::finish(const registries::Registry& registry, const PendingTag& pending) {
  ManifestApi api(registry, pending.repository, reach_);
  const auto gone = api.remove(pending.placeholder.str());
  if (!gone) return pass_on(gone);
  trash_.end_tag(pending.id);
  return {};
}

Result<bool> Remover::settle(const registries::Registry& registry, const TrashEntry& entry) {
  const Occasion occasion{.registry = registry,
                          .repository = entry.repository,
                          .ns = entry.ns,
                          .actor = {.id = {}, .name = entry.deleted_by, .address = ""},
                          .reason = entry.reason};
  ManifestApi api(registry, entry.repository, reach_);
  return settle_deletion(trash_, api, occasion, entry.id, entry.manifest, entry.tags);
}

}  // namespace spectacles::removal
