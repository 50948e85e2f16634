#include "catalog/details.h"

#include <fmt/format.h>

#include <utility>

namespace spectacles::catalog {
namespace {

constexpr std::size_t most_manifests = 400;  // that one tag leads to

class Tree {
 public:
  Tree(RegistryApi& api, const RepositoryPath& repository, const Unknown& unknown, ReadDetails& read)
      : api_(api), repository_(repository), unknown_(unknown), read_(read) {}

  void add(RawManifest top) {
    const auto digest = top.manifest.digest;
    if (read_.details.contains(digest)) return;
    add(std::move(top), 1);
    // Read again as a whole, so that nothing below it is forgotten.
    const auto found = read_.details.find(digest);
    if (is_cut_ && found != read_.details.end() && found->second.is_settled) read_.details.erase(found);
  }

 private:
  void note(ApiFailure failure) {
    is_cut_ = true;
    if (!read_.failure) read_.failure = std::move(failure);
  }

  void add(RawManifest raw, int depth) {
    const auto digest = raw.manifest.digest;
    ++manifests_;
    if (!are_bytes_of(digest, raw.bytes)) {
      return add_mismatch(digest, std::move(raw.manifest.media_type), "its bytes are not those of its digest");
    }
    auto details = read_manifest(std::move(raw.manifest.media_type), std::move(raw.bytes));
    if (has_image_config(details) && !add_config(digest, details)) return;
    const auto children = details.children();
    read_.details.emplace(digest, std::move(details));
    if (!children.empty() && depth < bounds::depth_of_indexes) add_children(unknown_(children), digest, depth);
  }

  // The bytes of a configuration count as part of the manifest: false when that is not to be kept.
  bool add_config(const Digest& digest, ManifestDetails& details) {
    const auto config = *details.config_part();
    if (config.size > static_cast<std::int64_t>(bounds::config_bytes)) {
      details.problem = fmt::format("its configuration has more than {} bytes", bounds::config_bytes);
      return true;
    }
    auto bytes = api_.blob(repository_, config.digest, bounds::config_bytes);
    if (!bytes) {
      note(bytes.error());
      return false;
    }
    if (!*bytes) {
      details.problem = "the registry does not have its configuration";
      return true;
    }
    if (!are_bytes_of(config.digest, **bytes)) {
      add_mismatch(digest, std::move(details.media_type),
                   "the bytes of its configuration are not those of their digest");
      return false;
    }
    read_config(details, std::move(**bytes));
    return true;
  }

  void add_mismatch(const Digest& digest, std::string media_type, std::string problem) {
    note({fmt::format("{}@{}: {}", repository_.str(), digest.str(), problem), false});
    read_.details.insert_or_assign(digest, unreadable(std::move(media_type), std::move(problem), false));
  }

  void add_children(const std::vector<Digest>& children, const Digest& parent, int depth) {
    for (const auto& child : children) {
      if (read_.details.contains(child)) continue;
      if (manifests_ >= most_manifests) {
        auto& details = read_.details.at(parent);
        details = unreadable(details.media_type, fmt::format("it leads to more than {} manifests", most_manifests));
        return;
      }
      auto raw = api_.manifest(repository_, child);
      if (!raw) {
        note(raw.error());
        if (raw.error().unreachable) return;
      } else if (!*raw) {
        ++manifests_;
        read_.details.emplace(child, unreadable("", "the registry does not have it"));
      } else {
        add(std::move(**raw), depth + 1);
      }
    }
  }

  RegistryApi& api_;
  const RepositoryPath& repository_;
  const Unknown& unknown_;
  ReadDetails& read_;
  std::size_t manifests_ = 0;
  bool is_cut_ = false;
};

}  // namespace

void read_details(RegistryApi& api, const RepositoryPath& repository, RawManifest top, const Unknown& unknown,
                  ReadDetails& read) {
  Tree(api, repository, unknown, read).add(std::move(top));
}

}  // namespace spectacles::catalog
