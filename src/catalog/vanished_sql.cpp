#include "catalog/vanished_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "catalog/tell_sql.h"
#include "catalog/write_sql.h"

namespace spectacles::catalog {
namespace {

constexpr std::size_t rows_a_transaction = 200;
constexpr std::size_t repositories_a_transaction = 20;

// Calls `work` for each of `all`, some at a time in one transaction.
template <class T>
void in_batches(Changes& changes, const std::vector<T>& all, std::size_t at_once,
                const std::function<void(Changes::Batch&, const T&)>& work) {
  for (std::size_t first = 0; first < all.size(); first += at_once) {
    const auto last = std::min(first + at_once, all.size());
    changes.commit([&](Changes::Batch& batch) {
      for (auto at = first; at < last; ++at) work(batch, all[at]);
    });
  }
}

// Those of `all` that were missing in so many passes before this one.
template <class T, class Chosen>
std::vector<T> choose(const std::vector<T>& all, Chosen chosen) {
  std::vector<T> those;
  std::copy_if(all.begin(), all.end(), std::back_inserter(those),
               [&](const T& one) { return chosen(one.missing_passes); });
  return those;
}

// What was missing often enough already is not counted on: as long as it waits, passes write nothing.
void mark(Changes& changes, const Vanished& vanished) {
  const auto counts = [](std::int64_t passes) { return passes < passes_to_go; };
  in_batches<Vanished::Repository>(changes, choose(vanished.repositories, counts), rows_a_transaction,
                                   [](Changes::Batch& batch, const Vanished::Repository& one) {
                                     rows::miss_repository(batch.session, batch.registry(), one.id, one.missing_passes,
                                                           batch.now);
                                   });
  in_batches<Vanished::Tag>(changes, choose(vanished.tags, counts), rows_a_transaction,
                            [](Changes::Batch& batch, const Vanished::Tag& one) {
                              rows::miss_tag(batch.session, batch.registry(), one.repository, one.name, one.digest,
                                             one.missing_passes, batch.now);
                            });
}

void tell_gone(Changes::Batch& batch, const Place& place, const TagName& tag, const Digest& digest) {
  tell(batch.session, place, {.event = hooks::HookEvent::remove, .at = batch.now, .tag = tag, .digest = digest},
       batch.now);
}

// The tags of a repository that somebody is told of when they go.
struct ToldTags {
  std::optional<Place> place;
  std::vector<std::tuple<TagName, Digest>> tags;
};

ToldTags told_tags(Changes::Batch& batch, RepositoryId repository) {
  const auto place = find_place(batch.session, batch.registry(), repository);
  if (!place || !place->ns) return {};
  return {place, batch.session.rows<TagName, Digest>(
                     "SELECT name, digest FROM tag WHERE repository_id = :repository ORDER BY name", repository)};
}

void tell_all_gone(Changes::Batch& batch, const ToldTags& told) {
  for (const auto& [tag, digest] : told.tags) tell_gone(batch, *told.place, tag, digest);
}

void remove(Changes& changes, const Vanished& going) {
  in_batches<Vanished::Repository>(changes, going.repositories, repositories_a_transaction,
                                   [](Changes::Batch& batch, const Vanished::Repository& one) {
                                     const auto tags = told_tags(batch, one.id);
                                     if (!rows::delete_missing_repository(batch.session, batch.registry(), one.id)) {
                                       return;
                                     }
                                     tell_all_gone(batch, tags);
                                     batch.record("repository.gone", one.name.str(), nullptr, nullptr);
                                   });
  for (std::size_t first = 0; first < going.tags.size(); first += rows_a_transaction) {
    const auto last = std::min(first + rows_a_transaction, going.tags.size());
    changes.commit([&](Changes::Batch& batch) {
      std::set<RepositoryId> touched;
      for (auto at = first; at < last; ++at) {
        const auto& tag = going.tags[at];
        const auto place = find_place(batch.session, batch.registry(), tag.repository);
        if (!rows::delete_missing_tag(batch.session, batch.registry(), tag.repository, tag.name)) continue;
        if (place) tell_gone(batch, *place, tag.name, tag.digest);
        batch.record("tag.gone", tag.repository_name.str() + ":" + tag.name.str(),
                     boost::json::object{{"digest", tag.digest.str()}}, nullptr);
        touched.insert(tag.repository);
      }
      for (const auto repository : touched) rows::recount_repository(batch.session, batch.registry(), repository);
    });
  }
}

struct Totals {
  std::int64_t repositories = 0;
  std::int64_t tags = 0;
};

Totals count_all(Changes& changes) {
  return changes.read([](db::Session& session, RegistryId registry) {
    return Totals{
        session.single<std::int64_t>("SELECT count(*) FROM repository WHERE registry_id = :registry", registry),
        session.single<std::int64_t>("SELECT count(*) FROM tag t JOIN repository r ON r.id = t.repository_id "
                                     "WHERE r.registry_id = :registry",
                                     registry)};
  });
}

Totals count(Changes& changes, const Vanished& going) {
  Totals totals{static_cast<std::int64_t>(going.repositories.size()), static_cast<std::int64_t>(going.tags.size())};
  totals.tags += changes.read([&](db::Session& session, RegistryId registry) {
    std::int64_t tags = 0;
    for (const auto& repository : going.repositories) {
      tags += session.single<std::int64_t>(
          "SELECT count(*) FROM tag t JOIN repository r ON r.id = t.repository_id "
          "WHERE r.registry_id = :registry AND r.id = :id",
          registry, repository.id);
    }
    return tags;
  });
  return totals;
}

struct BrakeRow {
  std::optional<SyncBrake> brake;
  bool is_confirmed = false;
};

BrakeRow load_brake(Changes& changes) {
  return changes.read([](db::Session& session, RegistryId registry) {
    const auto row = session.find<std::optional<Time>, std::int64_t, std::int64_t, bool>(
        "SELECT braked_at, vanished_repositories, vanished_tags, removal_confirmed FROM registry_sync "
        "WHERE registry_id = :registry",
        registry);
    BrakeRow found;
    if (!row) return found;
    const auto& [braked_at, repositories, tags, is_confirmed] = *row;
    if (braked_at) found.brake = SyncBrake{*braked_at, repositories, tags};
    found.is_confirmed = is_confirmed;
    return found;
  });
}

std::optional<SyncBrake> brake(Changes& changes, const std::optional<SyncBrake>& before, const Totals& going) {
  std::optional<SyncBrake> now = before;
  if (before && before->repositories == going.repositories && before->tags == going.tags) return now;
  changes.commit([&](Changes::Batch& batch) {
    now = SyncBrake{before ? before->since : batch.now, going.repositories, going.tags};
    batch.session.execute(
        "UPDATE registry_sync SET braked_at = :since, vanished_repositories = :repositories, vanished_tags = :tags "
        "WHERE registry_id = :registry",
        now->since, now->repositories, now->tags, batch.registry());
    if (before) return;
    batch.record_always("catalog.braked",
                        boost::json::object{{"repositories", going.repositories}, {"tags", going.tags}});
  });
  return now;
}

void release(Changes& changes, const BrakeRow& row) {
  if (!row.brake && !row.is_confirmed) return;
  changes.commit([](Changes::Batch& batch) {
    batch.session.execute(
        "UPDATE registry_sync SET braked_at = NULL, vanished_repositories = 0, vanished_tags = 0, "
        "removal_confirmed = 0 WHERE registry_id = :registry",
        batch.registry());
  });
}

}  // namespace

bool is_too_much(std::int64_t repositories, std::int64_t of_repositories, std::int64_t tags, std::int64_t of_tags) {
  const auto is_above = [](std::int64_t part, std::int64_t whole, std::int64_t most) {
    return part > most && part * 100 > whole * most_percent_at_once;
  };
  return is_above(repositories, of_repositories, most_repositories_at_once) ||
         is_above(tags, of_tags, most_tags_at_once);
}

std::optional<SyncBrake> settle(Changes& changes, const Vanished& vanished) {
  mark(changes, vanished);
  const auto goes = [](std::int64_t passes) { return passes + 1 >= passes_to_go; };
  const Vanished going{choose(vanished.repositories, goes), choose(vanished.tags, goes)};
  const auto row = load_brake(changes);
  if (!going.repositories.empty() || !going.tags.empty()) {
    const auto all = count_all(changes);
    const auto part = count(changes, going);
    if (!row.is_confirmed && is_too_much(part.repositories, all.repositories, part.tags, all.tags)) {
      return brake(changes, row.brake, part);
    }
    remove(changes, going);
  }
  release(changes, row);
  return std::nullopt;
}

void sweep(Changes& changes) {
  constexpr std::int64_t at_once = 200;
  // An index that goes may leave its manifests behind, so it goes on until there are none.
  while (true) {
    const auto orphans = changes.read(
        [](db::Session& session, RegistryId registry) { return rows::find_orphans(session, registry, at_once); });
    if (orphans.empty()) return;
    // What became tagged meanwhile stays: the statement asks again.
    changes.commit([&](Changes::Batch& batch) { rows::delete_orphans(batch.session, batch.registry(), orphans); });
  }
}

}  // namespace spectacles::catalog
