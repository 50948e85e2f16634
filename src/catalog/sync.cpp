#include "catalog/sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "catalog/tags.h"
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
constexpr std::int64_t due_a_batch = 200;
constexpr auto heartbeat = 200ms;

// A repository of which not all is read yet. Of one with many tags some are read at a time, in the order of their
// names, so that memory does not grow with it.
struct OpenRepository {
  OpenRepository(const RepositoryPath& path, Time begun) : name(path), since(begun), seen{.name = path} {}

  const RepositoryPath name;
  const Time since;
  std::optional<KnownRepository> known;
  Listing<TagName> listing;
  std::size_t first = 0;      // of those that are read now, in the listing
  std::size_t last = 0;       // behind them
  KnownTags tags;             // as the database has them, also those that are not listed
  SeenRepository seen;        // and not handed on to be written
  std::size_t bytes = 0;      // of what is in there
  bool is_handed_on = false;  // some of it
  std::size_t questions = 0;
  std::unique_ptr<BeingRead> being_read;

  bool is_last_part() const { return last == listing.names.size(); }

  void begin_part(std::size_t most) {
    first = last;
    last = std::min(first + most, listing.names.size());
    tags.clear();
    being_read = std::make_unique<BeingRead>();
  }
};

class Pass {
 public:
  Pass(const RegistryAccess& access, Changes& changes, const std::stop_token& stop, const WatchProgress& watch)
      : access_(access),
        changes_(changes),
        watch_(watch),
        ends_at_(std::chrono::steady_clock::now() + access.limits.pass_time),
        reader_([this](const std::vector<Digest>& digests) { return changes_.unknown(digests); },
                [this] { return goes_on(); }),
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
    if (goes_on()) read_missing_parts();
    changes_.measure();
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
    const auto repository = std::make_shared<OpenRepository>(name, changes_.now());
    if (const auto known = known_.find(name); known != known_.end()) repository->known = known->second;
    ++open_repositories_;
    crew_.ask([this, repository](RegistryApi& api) -> Crew::Delivery {
      if (!goes_on()) return [this, repository] { end_without_list(*repository, {"the pass ended early"}); };
      auto listing = api.tags(repository->name);
      if (!listing) {
        return [this, repository, failure = listing.error()] { end_without_list(*repository, failure); };
      }
      repository->listing = std::move(*listing);
      begin_part(*repository);
      return [this, repository] {
        failures_in_a_row_ = 0;
        if (!repository->listing.complete) {
          are_lists_whole_ = false;
          note(SyncOutcome::partial, repository->listing.detail);
        }
        ask_for_tags(repository);
      };
    });
  }

  // By a thread of the crew, while nobody else has the repository.
  void begin_part(OpenRepository& repository) {
    repository.begin_part(access_.limits.tags_in_memory);
    if (!repository.known) return;
    const auto& names = repository.listing.names;
    const auto after = repository.first == 0 ? std::nullopt : std::optional(names[repository.first - 1]);
    const auto up_to = repository.is_last_part() ? std::nullopt : std::optional(names[repository.last - 1]);
    repository.tags = changes_.known_tags(repository.known->id, after, up_to);
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
    open_tags_ += repository->last - repository->first;
    for (auto first = repository->first; first < repository->last; first += tags_a_question) {
      const auto count = std::min(tags_a_question, repository->last - first);
      ++repository->questions;
      crew_.ask([this, repository, first, count](RegistryApi& api) -> Crew::Delivery {
        const std::span tags(repository->listing.names.data() + first, count);
        auto read = std::make_shared<ReadTags>(
            reader_.read(api, {repository->name, tags, repository->tags, *repository->being_read}));
        return [this, repository, read] {
          take(*repository, *read);
          if (repository->questions == 0) end_part(repository);
        };
      });
    }
    if (repository->questions == 0) end_part(repository);
  }

  // What is listed no more is found here; what was pushed since the list was read is another matter.
  void end_part(const std::shared_ptr<OpenRepository>& repository) {
    if (repository->listing.complete) {
      const auto& shown = repository->listing.names;
      for (const auto& [tag, known] : repository->tags) {
        if (known.changed_at > repository->since || std::binary_search(shown.begin(), shown.end(), tag)) continue;
        vanished_.tags.push_back(
            {repository->known->id, repository->name, tag, known.manifest.digest, known.missing_passes});
      }
    }
    if (repository->is_last_part()) return finish(*repository);
    hand_on(*repository);
    write_down();  // so that what the next part shares with this one is known
    crew_.ask([this, repository](RegistryApi&) -> Crew::Delivery {
      begin_part(*repository);
      return [this, repository] { ask_for_tags(repository); };
    });
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
    repository.seen.unanswered.merge(read.details.unanswered);
    --repository.questions;
    if (repository.bytes >= manifest_bytes_a_batch) hand_on(repository);
  }

  void finish(OpenRepository& repository) {
    --open_repositories_;
    ++progress_.repositories_done;
    hand_on(repository);
  }

  // Collects what is to be written, so that a transaction is worth its while.
  void hand_on(OpenRepository& repository) {
    auto seen = std::exchange(repository.seen, {.name = repository.name});
    const auto bytes = std::exchange(repository.bytes, 0);
    const bool is_first = !std::exchange(repository.is_handed_on, true);
    const bool is_empty = seen.tags.empty() && seen.unread.empty() && seen.details.empty();
    if ((is_empty && !is_first) || !differs(seen, repository.known, repository.tags)) return;
    seen.since = repository.since;
    for (const auto& [tag, manifest] : seen.tags) {
      if (const auto known = repository.tags.find(tag); known != repository.tags.end()) seen.known.insert(*known);
    }
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

  // Manifests and configurations, each asked for by its digest; what does not come stays due. Of many, those for which
  // there is time before the next pass is due, but for at least as long as the lists took.
  void read_missing_parts() {
    const auto until = changes_.now();
    const auto begun = std::chrono::steady_clock::now();
    progress_.missing_total = changes_.count_due(until);
    if (progress_.missing_total == 0) return;
    progress_.phase = "details";
    if (are_lists_whole_ && result_.outcome == SyncOutcome::complete) changes_.note_complete();
    const auto is_time = [&] {
      const auto now = std::chrono::steady_clock::now();
      return !access_.limits.details_time || now < begun_at_ + *access_.limits.details_time ||
             now < begun + (begun - begun_at_);
    };
    std::optional<rows::DueManifest> last;
    bool is_end = false;
    while (true) {
      while (!is_end && goes_on() && is_time() && crew_.open() < 2 * due_a_batch / tags_a_question) {
        auto due = changes_.due(until, last, due_a_batch);
        is_end = due.empty();
        if (!is_end) last = due.back();
        ask_for_missing(std::move(due));
      }
      if (crew_.open() == 0) break;
      wait_for_answers();
    }
    write_missing();
    if (!is_end && goes_on()) {
      const auto left = progress_.missing_total - progress_.missing_done;
      if (result_.detail.empty()) result_.detail = fmt::format("{} configurations are left to the next pass", left);
    }
  }

  void ask_for_missing(std::vector<rows::DueManifest> due) {
    // What nothing leads to any more cannot be asked for.
    std::erase_if(due, [](const rows::DueManifest& one) { return !one.repository; });
    for (std::size_t first = 0; first < due.size(); first += tags_a_question) {
      const auto last = std::min(first + tags_a_question, due.size());
      const auto place = [&](std::size_t index) { return due.begin() + static_cast<std::ptrdiff_t>(index); };
      crew_.ask([this, some = std::vector(place(first), place(last))](RegistryApi& api) -> Crew::Delivery {
        auto read = std::make_shared<std::vector<ReadMissing>>();
        for (const auto& one : some) {
          if (!goes_on()) break;
          read->push_back(read_missing(api, one));
          if (read->back().failure && read->back().failure->unreachable) break;
        }
        return [this, read] { take_missing(*read); };
      });
    }
  }

  void take_missing(std::vector<ReadMissing>& read) {
    for (auto& one : read) {
      if (one.failure) {
        note_failure(*one.failure);
      } else {
        failures_in_a_row_ = 0;
      }
      ++progress_.missing_done;
      if (one.configuration) batch_bytes_ += one.configuration->config.size();
      for (const auto& [digest, details] : one.manifests.details) batch_bytes_ += details.bytes.size();
      missing_.push_back(std::move(one));
    }
    if (missing_.size() >= due_a_batch || batch_bytes_ >= manifest_bytes_a_batch) write_missing();
  }

  void write_missing() {
    changes_.write(missing_);
    missing_.clear();
    batch_bytes_ = 0;
  }

  const RegistryAccess& access_;
  Changes& changes_;
  const WatchProgress& watch_;
  const std::chrono::steady_clock::time_point begun_at_ = std::chrono::steady_clock::now();
  const std::chrono::steady_clock::time_point ends_at_;
  const TagReader reader_;
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
  std::vector<ReadMissing> missing_;  // and not written down

  Crew crew_;  // last: its threads end before what they use
};

}  // namespace

SyncResult sync_registry(const RegistryAccess& access, Changes& changes, const std::stop_token& stop,
                         const WatchProgress& watch) {
  return Pass(access, changes, stop, watch).run();
}

}  // namespace spectacles::catalog
