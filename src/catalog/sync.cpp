#include "catalog/sync.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "catalog/details.h"
#include "catalog/vanished_sql.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t tags_a_question = 8;
constexpr std::size_t most_open_repositories = 24;
constexpr std::size_t most_open_tags = 2000;  // more than one repository is begun only below this
constexpr std::size_t repositories_a_batch = 50;
constexpr std::size_t tags_a_batch = 200;
constexpr std::size_t manifest_bytes_a_batch = std::size_t{8} * 1024 * 1024;
constexpr int most_failures_in_a_row = 5;
constexpr auto heartbeat = 200ms;

// A repository of which not all is read yet.
struct OpenRepository {
  explicit OpenRepository(const RepositoryPath& path) : name(path), seen{.name = path} {}

  const RepositoryPath name;
  std::optional<KnownRepository> known;
  KnownTags tags;
  Listing<TagName> listing;
  SeenRepository seen;        // and not handed on to be written
  std::size_t bytes = 0;      // of what is in there
  bool is_handed_on = false;  // some of it
  std::size_t questions = 0;
  Synced<std::set<Digest>> being_read;  // so that tags which share a digest read it once
};

struct ReadTags {
  std::map<TagName, Manifest> tags;
  std::vector<TagName> unread;
  ReadDetails details;
  std::vector<ApiFailure> failures;
};

class Pass {
 public:
  Pass(const RegistryAccess& access, Changes& changes, const std::stop_token& stop, const WatchProgress& watch)
      : access_(access),
        changes_(changes),
        watch_(watch),
        ends_at_(std::chrono::steady_clock::now() + access.limits.pass_time),
        on_stop_(stop, [this] { end_.request_stop(); }),
        crew_(std::max<std::size_t>(1, access.limits.at_once), [this] { return access_.make_api(end_.get_token()); }) {}
  // A pass that is thrown out of keeps nobody waiting for answers that nobody wants.
  ~Pass() { end_.request_stop(); }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  SyncResult run() {
    if (!read_catalog()) return std::move(result_);
    known_ = changes_.known_repositories();
    read_repositories();
    if (are_lists_whole_ && goes_on()) clean_up();
    changes_.record_rest();
    return std::move(result_);
  }

 private:
  bool goes_on() const { return !is_unreachable_ && !end_.stop_requested() && !is_out_of_time(); }
  bool is_out_of_time() const { return std::chrono::steady_clock::now() > ends_at_; }

  void note(SyncOutcome outcome, const std::string& detail) {
    if (result_.outcome == SyncOutcome::complete) {
      result_.outcome = outcome;
      result_.detail = detail;
    }
  }

  // A registry that has stopped answering is not asked on: each question would wait for its time limit.
  void note_failure(const ApiFailure& failure) {
    failures_in_a_row_ = failure.unreachable ? failures_in_a_row_ + 1 : 0;
    if (failures_in_a_row_ >= most_failures_in_a_row) is_unreachable_ = true;
    note(SyncOutcome::partial, failure.text);
  }

  void say_progress() {
    changes_.report(progress_);
    if (watch_) watch_(progress_);
  }

  void wait_for_answers() {
    crew_.deliver(heartbeat);
    say_progress();
  }

  bool read_catalog() {
    progress_.phase = "catalog";
    bool is_read = false;
    crew_.ask([this, &is_read](RegistryApi& api) -> Crew::Delivery {
      auto catalog = std::make_shared<ApiResult<Listing<RepositoryPath>>>(api.catalog());
      return [this, &is_read, catalog] {
        if (!*catalog) return note(SyncOutcome::failed, catalog->error().text);
        catalog_ = std::move(**catalog);
        is_read = true;
      };
    });
    while (crew_.open() != 0) wait_for_answers();
    if (!is_read) return false;
    if (!catalog_.complete) {
      are_lists_whole_ = false;
      note(SyncOutcome::partial, catalog_.detail);
    }
    access_.tokens.will_read(catalog_.names);
    return true;
  }

  void read_repositories() {
    progress_.phase = "repositories";
    progress_.repositories_total = static_cast<std::int64_t>(catalog_.names.size());
    std::size_t next = 0;
    while (true) {
      while (goes_on() && next < catalog_.names.size() && open_repositories_ < most_open_repositories &&
             open_tags_ < most_open_tags) {
        begin(catalog_.names[next++]);
      }
      if (open_repositories_ == 0) break;
      wait_for_answers();
    }
    write_down();
    if (next < catalog_.names.size()) {
      are_lists_whole_ = false;
      note(SyncOutcome::partial, is_out_of_time() ? "the pass took too long" : "the pass ended early");
    }
  }

  void begin(const RepositoryPath& name) {
    const auto repository = std::make_shared<OpenRepository>(name);
    if (const auto known = known_.find(name); known != known_.end()) repository->known = known->second;
    ++open_repositories_;
    crew_.ask([this, repository](RegistryApi& api) -> Crew::Delivery {
      if (!goes_on()) return [this, repository] { end_without_list(*repository, {"the pass ended early"}); };
      auto listing = api.tags(repository->name);
      if (!listing) {
        return [this, repository, failure = listing.error()] { end_without_list(*repository, failure); };
      }
      repository->listing = std::move(*listing);
      if (repository->known) repository->tags = changes_.known_tags(repository->known->id);
      return [this, repository] { ask_for_tags(repository); };
    });
  }

  // Its tags stay as they are; but that it is there was shown.
  void end_without_list(OpenRepository& repository, const ApiFailure& failure) {
    are_lists_whole_ = false;
    note_failure(failure);
    repository.listing.complete = false;
    if (failure.unreachable || !goes_on()) {
      --open_repositories_;
      return;
    }
    finish(repository);
  }

  void ask_for_tags(const std::shared_ptr<OpenRepository>& repository) {
    failures_in_a_row_ = 0;
    const auto& listing = repository->listing;
    if (!listing.complete) {
      are_lists_whole_ = false;
      note(SyncOutcome::partial, listing.detail);
    }
    open_tags_ += listing.names.size();
    for (std::size_t first = 0; first < listing.names.size(); first += tags_a_question) {
      const auto last = std::min(first + tags_a_question, listing.names.size());
      ++repository->questions;
      crew_.ask([this, repository, first, last](RegistryApi& api) -> Crew::Delivery {
        auto read = std::make_shared<ReadTags>(read_tags(api, *repository, first, last));
        return [this, repository, read] { take(*repository, *read); };
      });
    }
    if (repository->questions == 0) finish(*repository);
  }

  // On a thread of the crew: nothing of the pass is changed here.
  ReadTags read_tags(RegistryApi& api, OpenRepository& repository, std::size_t first, std::size_t last) {
    ReadTags read;
    std::vector<RawManifest> raw;
    std::size_t bytes = 0;
    bool is_silent = false;  // the rest is not asked for: each would wait for its time limit
    for (auto at = first; at < last; ++at) {
      const auto& tag = repository.listing.names[at];
      if (is_silent || !goes_on()) {
        read.unread.push_back(tag);
        continue;
      }
      const auto before = raw.size();
      auto manifest = read_tag(api, repository, tag, raw);
      if (!manifest) {
        is_silent = manifest.error().unreachable;
        read.unread.push_back(tag);
        read.failures.push_back(manifest.error());
        continue;
      }
      read.tags.emplace(tag, std::move(*manifest));
      if (raw.size() > before) bytes += raw.back().bytes.size();
      if (bytes < bounds::manifest_bytes) continue;
      read_raw(api, repository, std::exchange(raw, {}), read.details);
      bytes = 0;
    }
    read_raw(api, repository, std::move(raw), read.details);
    if (read.details.failure) read.failures.push_back(*read.details.failure);
    return read;
  }

  // A tag whose manifest is known costs a HEAD, any other a GET.
  ApiResult<Manifest> read_tag(RegistryApi& api, OpenRepository& repository, const TagName& tag,
                               std::vector<RawManifest>& raw) {
    const auto known = repository.tags.find(tag);
    if (known != repository.tags.end() && known->second.is_read) {
      auto now = api.resolve(repository.name, tag, known->second.manifest);
      if (!now || *now == known->second.manifest) return now;
    }
    auto read = api.manifest(repository.name, tag);
    if (!read) return tl::unexpected(read.error());
    auto manifest = read->manifest;
    raw.push_back(std::move(*read));
    return manifest;
  }

  void read_raw(RegistryApi& api, OpenRepository& repository, std::vector<RawManifest> raw, ReadDetails& details) {
    std::vector<Digest> digests;
    {
      auto being_read = repository.being_read.lock();
      for (const auto& one : raw) {
        if (being_read->insert(one.manifest.digest).second) digests.push_back(one.manifest.digest);
      }
    }
    if (digests.empty()) return;
    const Unknown unknown = [this](const std::vector<Digest>& some) { return changes_.unknown(some); };
    const auto wanted = unknown(digests);
    for (auto& one : raw) {
      if (std::find(wanted.begin(), wanted.end(), one.manifest.digest) == wanted.end()) continue;
      if (goes_on()) read_details(api, repository.name, std::move(one), unknown, details);
    }
  }

  void take(OpenRepository& repository, ReadTags& read) {
    if (!read.tags.empty()) failures_in_a_row_ = 0;
    for (const auto& failure : read.failures) note_failure(failure);
    if (!read.unread.empty() && read.failures.empty()) note(SyncOutcome::partial, "the pass ended early");
    const auto tags = read.tags.size() + read.unread.size();
    open_tags_ -= tags;
    progress_.tags_done += static_cast<std::int64_t>(tags);
    progress_.details_done += static_cast<std::int64_t>(read.details.details.size());
    for (const auto& [digest, details] : read.details.details) {
      repository.bytes += details.bytes.size() + details.config.size();
    }
    repository.seen.tags.merge(read.tags);
    repository.seen.unread.insert(repository.seen.unread.end(), read.unread.begin(), read.unread.end());
    repository.seen.details.merge(read.details.details);
    if (--repository.questions == 0) {
      finish(repository);
    } else if (repository.seen.tags.size() >= access_.limits.tags_in_memory ||
               repository.bytes >= manifest_bytes_a_batch) {
      hand_on(repository);
    }
  }

  void finish(OpenRepository& repository) {
    --open_repositories_;
    ++progress_.repositories_done;
    if (repository.listing.complete) {
      const auto& shown = repository.listing.names;
      for (const auto& [tag, known] : repository.tags) {
        if (std::binary_search(shown.begin(), shown.end(), tag)) continue;
        vanished_.tags.push_back(
            {repository.known->id, repository.name, tag, known.manifest.digest, known.missing_passes});
      }
    }
    hand_on(repository);
  }

  // Collects what is to be written, so that a transaction is worth its while.
  void hand_on(OpenRepository& repository) {
    auto seen = std::exchange(repository.seen, {.name = repository.name});
    const auto bytes = std::exchange(repository.bytes, 0);
    const bool is_first = !std::exchange(repository.is_handed_on, true);
    const bool is_empty = seen.tags.empty() && seen.unread.empty() && seen.details.empty();
    if ((is_empty && !is_first) || !differs(seen, repository.known, repository.tags)) return;
    batch_tags_ += seen.tags.size();
    batch_bytes_ += bytes;
    batch_.push_back(std::move(seen));
    const bool is_full =
        batch_.size() >= repositories_a_batch || batch_tags_ >= tags_a_batch || batch_bytes_ >= manifest_bytes_a_batch;
    if (is_full) write_down();
  }

  void write_down() {
    changes_.write(batch_);
    batch_.clear();
    batch_tags_ = batch_bytes_ = 0;
  }

  void clean_up() {
    progress_.phase = "removal";
    say_progress();
    for (const auto& [name, known] : known_) {
      if (!std::binary_search(catalog_.names.begin(), catalog_.names.end(), name)) {
        vanished_.repositories.push_back({known.id, name, known.missing_passes});
      }
    }
    result_.brake = settle(changes_, vanished_);
    if (changes_.has_written()) sweep(changes_);
  }

  const RegistryAccess& access_;
  Changes& changes_;
  const WatchProgress& watch_;
  const std::chrono::steady_clock::time_point ends_at_;
  std::stop_source end_;
  std::stop_callback<std::function<void()>> on_stop_;

  Listing<RepositoryPath> catalog_;
  std::map<RepositoryPath, KnownRepository> known_;
  Vanished vanished_;
  bool are_lists_whole_ = true;
  std::atomic<bool> is_unreachable_ = false;
  int failures_in_a_row_ = 0;
  SyncProgress progress_;
  SyncResult result_;

  std::size_t open_repositories_ = 0;
  std::size_t open_tags_ = 0;
  std::vector<SeenRepository> batch_;
  std::size_t batch_tags_ = 0;
  std::size_t batch_bytes_ = 0;

  Crew crew_;  // last: its threads end before what they use
};

}  // namespace

SyncResult sync_registry(const RegistryAccess& access, Changes& changes, const std::stop_token& stop,
                         const WatchProgress& watch) {
  return Pass(access, changes, stop, watch).run();
}

}  // namespace spectacles::catalog
