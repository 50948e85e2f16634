#include "catalog/sync.h"

#include <algorithm>

namespace spectacles::catalog {
namespace {

class Pass {
 public:
  Pass(RegistryApi& api, Changes& changes, std::stop_token stop)
      : api_(api), changes_(changes), stop_(std::move(stop)) {}

  SyncResult run() {
    if (!read_catalog()) return std::move(result_);
    for (const auto& repository : catalog_.names) {
      if (!goes_on()) break;
      sync_repository(repository);
    }
    if (goes_on()) remove_gone();
    changes_.record_rest();
    return std::move(result_);
  }

 private:
  bool goes_on() const { return !unreachable_ && !stop_.stop_requested(); }

  void note(SyncOutcome outcome, const std::string& detail) {
    if (result_.outcome == SyncOutcome::complete) result_ = {outcome, detail};
  }

  bool read_catalog() {
    auto catalog = api_.catalog();
    if (!catalog) {
      note(SyncOutcome::failed, catalog.error().text);
      return false;
    }
    catalog_ = std::move(*catalog);
    if (!catalog_.complete) note(SyncOutcome::partial, catalog_.detail);
    return true;
  }

  // A registry that has stopped answering is not asked on: each question would wait for its time limit.
  void note_failure(const ApiFailure& failure) {
    unreachable_ = unreachable_ || failure.unreachable;
    note(SyncOutcome::partial, failure.text);
  }

  void sync_repository(const RepositoryPath& name) {
    const auto tags = api_.tags(name);
    if (!tags) return note_failure(tags.error());
    if (!tags->complete) note(SyncOutcome::partial, tags->detail);
    SeenRepository seen{.name = name, .tags = {}, .unread = {}, .complete = tags->complete};
    for (const auto& tag : tags->names) {
      auto manifest = goes_on() ? api_.manifest(name, tag) : tl::unexpected(ApiFailure{"the pass ended early", false});
      if (manifest) {
        seen.tags.emplace(tag, std::move(*manifest));
      } else {
        seen.unread.push_back(tag);
        note_failure(manifest.error());
      }
    }
    changes_.write(seen);
  }

  void remove_gone() {
    if (!catalog_.complete) return;
    for (const auto& [name, id] : changes_.known_repositories()) {
      if (!std::binary_search(catalog_.names.begin(), catalog_.names.end(), name)) changes_.remove(name, id);
    }
  }

  RegistryApi& api_;
  Changes& changes_;
  std::stop_token stop_;
  Listing<RepositoryPath> catalog_;
  SyncResult result_;
  bool unreachable_ = false;
};

}  // namespace

SyncResult sync_registry(RegistryApi& api, Changes& changes, std::stop_token stop) {
  return Pass(api, changes, std::move(stop)).run();
}

}  // namespace spectacles::catalog
