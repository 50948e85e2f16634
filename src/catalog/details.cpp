#include "catalog/details.h"

#include <fmt/format.h>

#include <utility>

namespace spectacles::catalog {
namespace {

constexpr std::size_t most_manifests = 400;  // that one tag leads to

ApiFailure mismatch(const RepositoryPath& repository, const Digest& digest, std::string_view problem) {
  return {fmt::format("{}@{}: {}", repository.str(), digest.str(), problem), false};
}

class Tree {
 public:
  Tree(RegistryApi& api, const RepositoryPath& repository, const Unknown& unknown, Configurations configurations,
       ReadDetails& read)
      : api_(api), repository_(repository), unknown_(unknown), configurations_(configurations), read_(read) {}

  void add(RawManifest top) {
    if (!read_.details.contains(top.manifest.digest)) add(std::move(top), 1);
  }

  void add_part(const Digest& digest) { ask(digest, bounds::depth_of_indexes); }

 private:
  void note(ApiFailure failure) {
    if (!read_.failure) read_.failure = std::move(failure);
  }

  void add(RawManifest raw, int depth) {
    const auto digest = raw.manifest.digest;
    ++manifests_;
    if (!are_bytes_of(digest, raw.bytes)) return add_mismatch(digest, std::move(raw.manifest.media_type), depth);
    auto details = read_manifest(std::move(raw.manifest.media_type), std::move(raw.bytes));
    if (has_image_config(details)) {
      details.wants = ManifestWants::configuration;
      if (configurations_ == Configurations::at_once) {
        if (auto failure = add_config(api_, repository_, details)) note(std::move(*failure));
      }
    }
    const auto children = details.children();
    read_.details.emplace(digest, std::move(details));
    if (!children.empty() && depth < bounds::depth_of_indexes) add_children(unknown_(children), digest, depth);
  }

  // What a tag stands for is asked for with the tag, in each pass; anything else by its digest, now and then.
  void add_mismatch(const Digest& digest, std::string media_type, int depth) {
    constexpr auto problem = "its bytes are not those of its digest";
    note(mismatch(repository_, digest, problem));
    auto details = unreadable(std::move(media_type), problem, false);
    if (depth > 1) details.wants = ManifestWants::itself;
    read_.details.insert_or_assign(digest, std::move(details));
  }

  void add_children(const std::vector<Digest>& children, const Digest& parent, int depth) {
    bool is_silent = false;  // the rest is not asked for: each would wait for its time limit
    for (const auto& child : children) {
      if (read_.details.contains(child)) continue;
      if (manifests_ >= most_manifests) {
        auto& details = read_.details.at(parent);
        details = unreadable(details.media_type, fmt::format("it leads to more than {} manifests", most_manifests));
        return;
      }
      if (is_silent) {
        read_.unanswered.insert(child);
      } else {
        is_silent = !ask(child, depth + 1);
      }
    }
  }

  // False when asking on may be useless.
  bool ask(const Digest& digest, int depth) {
    auto raw = api_.manifest(repository_, digest);
    if (!raw) {
      read_.unanswered.insert(digest);
      note(raw.error());
      return !raw.error().unreachable;
    }
    if (*raw) {
      add(std::move(**raw), depth);
      return true;
    }
    ++manifests_;
    auto details = unreadable("", "the registry does not have it", false);
    details.wants = ManifestWants::itself;
    read_.details.insert_or_assign(digest, std::move(details));
    return true;
  }

  RegistryApi& api_;
  const RepositoryPath& repository_;
  const Unknown& unknown_;
  const Configurations configurations_;
  ReadDetails& read_;
  std::size_t manifests_ = 0;
};

}  // namespace

std::optional<ApiFailure> add_config(RegistryApi& api, const RepositoryPath& repository, ManifestDetails& details) {
  const auto config = *details.config_part();
  details.wants = ManifestWants::nothing;
  if (config.size > static_cast<std::int64_t>(bounds::config_bytes)) {
    details.problem = fmt::format("its configuration has more than {} bytes", bounds::config_bytes);
    return std::nullopt;
  }
  auto bytes = api.blob(repository, config.digest, bounds::config_bytes);
  if (bytes && *bytes && are_bytes_of(config.digest, **bytes)) {
    read_config(details, std::move(**bytes));
    return std::nullopt;
  }
  details.wants = ManifestWants::configuration;
  if (!bytes) return bytes.error();
  if (!*bytes) {
    details.problem = "the registry does not have its configuration";
    return std::nullopt;
  }
  details.problem = "the bytes of its configuration are not those of their digest";
  return mismatch(repository, config.digest, details.problem);
}

void read_details(RegistryApi& api, const RepositoryPath& repository, RawManifest top, const Unknown& unknown,
                  Configurations configurations, ReadDetails& read) {
  Tree(api, repository, unknown, configurations, read).add(std::move(top));
}

void read_part(RegistryApi& api, const RepositoryPath& repository, const Digest& digest, ReadDetails& read) {
  const Unknown none = [](const std::vector<Digest>&) { return std::vector<Digest>{}; };
  Tree(api, repository, none, Configurations::at_once, read).add_part(digest);
}

}  // namespace spectacles::catalog
