#include "catalog/tags.h"

#include <algorithm>
#include <utility>

namespace spectacles::catalog {
namespace {

// A tag whose manifest is known costs a HEAD, any other a GET.
ApiResult<Manifest> read_tag(RegistryApi& api, const TagQuestion& question, const TagName& tag,
                             std::vector<RawManifest>& raw) {
  const auto known = question.known.find(tag);
  if (known != question.known.end() && known->second.is_read) {
    auto now = api.resolve(question.repository, tag, known->second.manifest);
    if (!now || *now == known->second.manifest) return now;
  }
  auto read = api.manifest(question.repository, tag);
  if (!read) return tl::unexpected(read.error());
  auto manifest = read->manifest;
  raw.push_back(std::move(*read));
  return manifest;
}

}  // namespace

ReadTags TagReader::read(RegistryApi& api, const TagQuestion& question) const {
  ReadTags read;
  std::vector<RawManifest> raw;
  std::size_t bytes = 0;
  bool is_silent = false;  // the rest is not asked for: each would wait for its time limit
  for (const auto& tag : question.tags) {
    if (is_silent || !goes_on_()) {
      read.unread.push_back(tag);
      continue;
    }
    const auto before = raw.size();
    auto manifest = read_tag(api, question, tag, raw);
    if (!manifest) {
      is_silent = manifest.error().unreachable;
      read.unread.push_back(tag);
      read.failures.push_back(manifest.error());
      continue;
    }
    read.tags.emplace(tag, std::move(*manifest));
    if (raw.size() > before) bytes += raw.back().bytes.size();
    if (bytes < bounds::manifest_bytes) continue;
    read_details(api, question, std::exchange(raw, {}), read.details);
    bytes = 0;
  }
  read_details(api, question, std::move(raw), read.details);
  if (read.details.failure) read.failures.push_back(*read.details.failure);
  return read;
}

void TagReader::read_details(RegistryApi& api, const TagQuestion& question, std::vector<RawManifest> raw,
                             ReadDetails& details) const {
  std::vector<Digest> digests;
  {
    auto being_read = question.being_read.lock();
    for (const auto& one : raw) {
      if (being_read->insert(one.manifest.digest).second) digests.push_back(one.manifest.digest);
    }
  }
  if (digests.empty()) return;
  const auto wanted = unknown_(digests);
  for (auto& one : raw) {
    if (std::find(wanted.begin(), wanted.end(), one.manifest.digest) == wanted.end()) continue;
    if (goes_on_()) {
      catalog::read_details(api, question.repository, std::move(one), unknown_, Configurations::later, details);
    }
  }
}

}  // namespace spectacles::catalog
