#include "catalog/registry_api.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "catalog/link.h"
#include "catalog/manifest.h"
#include "catalog/redirect.h"
#include "registries/printable.h"

namespace spectacles::catalog {
namespace {

using registries::HttpAnswer;
using registries::printable;

// A type that is left out makes the registry answer 404 for a manifest that exists.
const std::vector<std::string> manifest_types{"application/vnd.oci.image.manifest.v1+json",
                                              "application/vnd.oci.image.index.v1+json",
                                              "application/vnd.docker.distribution.manifest.v2+json",
                                              "application/vnd.docker.distribution.manifest.list.v2+json"};

constexpr int page_size = 1000;  // the most that distribution allows

boost::json::value parse_json(const std::string& body) {
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 8;
  auto value = boost::json::parse(body, error, {}, options);
  return error ? boost::json::value(nullptr) : value;
}

// The member `tags` or `repositories`: null is an empty list (a repository after its last tag). Nothing when it is
// anything else, or there is none.
std::optional<boost::json::array> read_list(const std::string& body, std::string_view member) {
  const auto value = parse_json(body);
  const auto* object = value.if_object();
  const auto* list = object == nullptr ? nullptr : object->if_contains(member);
  if (list == nullptr) return std::nullopt;
  if (list->is_null()) return boost::json::array{};
  if (!list->is_array()) return std::nullopt;
  return list->get_array();
}

bool is_unknown_name(const HttpAnswer& answer) {
  const auto value = parse_json(answer.body);
  const auto* object = value.if_object();
  const auto* errors = object == nullptr ? nullptr : object->if_contains("errors");
  if (answer.status != 404 || errors == nullptr || !errors->is_array() || errors->get_array().empty()) return false;
  const auto* first = errors->get_array().front().if_object();
  const auto* code = first == nullptr ? nullptr : first->if_contains("code");
  return code != nullptr && code->is_string() && code->get_string() == "NAME_UNKNOWN";
}

template <class Name>
void add_names(const boost::json::array& page, std::set<Name>& names, Listing<Name>& listing) {
  for (const auto& item : page) {
    const auto name = item.is_string() ? Name::parse(item.get_string()) : refuse(RefusalKind::invalid, "no text");
    if (name) {
      names.insert(*name);
    } else {
      listing.complete = false;
      listing.detail =
          "a name was skipped: " + printable(item.is_string() ? std::string_view(item.get_string()) : "not a text");
    }
  }
}

template <class Name>
void stop_short(Listing<Name>& listing, const std::string& detail) {
  listing.complete = false;
  listing.detail = detail;
}

}  // namespace

RegistryApi::RegistryApi(const registries::Registry& registry, std::optional<crypto::PublicKey> own_key,
                         RegistryTokens& tokens, ApiLimits limits, std::stop_token stop)
    : registry_(registry),
      tokens_(tokens),
      limits_(limits),
      stop_(std::move(stop)),
      client_(registry.address, std::move(own_key), limits.http, stop_) {}

RegistryApi::~RegistryApi() = default;

ApiResult<HttpAnswer> RegistryApi::ask(registries::HttpQuestion question, const std::optional<RepositoryPath>& pull) {
  question.bearer = pull ? tokens_.for_repository(*pull) : tokens_.for_catalog();
  auto answer = client_.ask(question);
  if (!answer) return tl::unexpected(ApiFailure{answer.error().text, true});
  return std::move(*answer);
}

template <class Name>
ApiResult<Listing<Name>> RegistryApi::list(const std::string& path, std::string_view member,
                                           const std::optional<RepositoryPath>& pull) {
  Listing<Name> listing;
  std::set<Name> names;
  std::optional<std::string> next = fmt::format("{}?n={}", path, page_size);
  std::set<std::string> asked;
  std::size_t bytes = 0;
  const auto end = std::chrono::steady_clock::now() + limits_.list_time;
  while (next) {
    const bool is_first = asked.empty();
    if (!asked.insert(*next).second || asked.size() > static_cast<std::size_t>(limits_.pages) ||
        names.size() > limits_.names || bytes > limits_.list_bytes || std::chrono::steady_clock::now() > end) {
      stop_short(listing, "the registry's list does not end");
      break;
    }
    auto answer = ask({.path = *next, .accept = {}, .bearer = {}}, pull);
    if (!answer && is_first) return tl::unexpected(answer.error());
    if (answer && is_first && pull && is_unknown_name(*answer)) return listing;
    std::optional<boost::json::array> page;
    if (answer) bytes += answer->body.size();
    if (answer && answer->status == 200) page = read_list(answer->body, member);
    if (!page) {
      auto reason = !answer                 ? answer.error().text
                    : answer->status != 200 ? fmt::format("{} answers {}", path, answer->status)
                                            : fmt::format("{} answers what is no list of names", path);
      if (is_first) return tl::unexpected(ApiFailure{std::move(reason)});
      stop_short(listing, reason);
      break;
    }
    const auto known = names.size();
    add_names(*page, names, listing);
    next.reset();
    if (const auto* link = answer->find("link")) {
      auto following = parse_next_page(*link, registry_.address.url, path);
      if (!following) {
        stop_short(listing, following.error().text);
      } else if (*following && names.size() == known && !page->empty()) {
        stop_short(listing, "the registry's list does not get on");
      } else {
        next = *following;
      }
    }
  }
  listing.names.assign(names.begin(), names.end());
  return listing;
}

ApiResult<Listing<RepositoryPath>> RegistryApi::catalog() {
  return list<RepositoryPath>("/v2/_catalog", "repositories", std::nullopt);
}

ApiResult<Listing<TagName>> RegistryApi::tags(const RepositoryPath& repository) {
  return list<TagName>(fmt::format("/v2/{}/tags/list", repository.str()), "tags", repository);
}

namespace {

std::string manifest_path(const RepositoryPath& repository, const std::string& reference) {
  return fmt::format("/v2/{}/manifests/{}", repository.str(), reference);
}

ApiFailure unreadable_manifest(const RepositoryPath& repository, const std::string& reference, std::string_view why) {
  return {fmt::format("the manifest of {}:{} cannot be read ({})", repository.str(), reference, why)};
}

std::string media_type_of(const HttpAnswer& answer) {
  const auto* type = answer.find("content-type");
  return printable(type == nullptr ? "" : std::string_view(*type).substr(0, type->find(';')));
}

// What the headers of an answer say that a tag stands for.
ApiResult<Manifest> manifest_of(const HttpAnswer& answer, const RepositoryPath& repository, const TagName& tag) {
  if (answer.status != 200) {
    return tl::unexpected(unreadable_manifest(repository, tag.str(), std::to_string(answer.status)));
  }
  const auto* digest = answer.find("docker-content-digest");
  const auto parsed = digest == nullptr ? refuse(RefusalKind::invalid, "no digest") : Digest::parse(*digest);
  if (!parsed) return tl::unexpected(unreadable_manifest(repository, tag.str(), "without a digest"));
  return Manifest{*parsed, media_type_of(answer)};
}

}  // namespace

ApiResult<Manifest> RegistryApi::resolve(const RepositoryPath& repository, const TagName& tag,
                                         const std::optional<Manifest>& known) {
  registries::HttpQuestion question{
      .head = true, .path = manifest_path(repository, tag.str()), .accept = manifest_types, .bearer = {}};
  if (known) question.unless_digest = known->digest.str();
  auto answer = ask(std::move(question), repository);
  if (!answer) return tl::unexpected(answer.error());
  if (known && answer->status == 304) return *known;
  return manifest_of(*answer, repository, tag);
}

ApiResult<RawManifest> RegistryApi::manifest(const RepositoryPath& repository, const TagName& tag) {
  auto answer = ask({.path = manifest_path(repository, tag.str()),
                     .accept = manifest_types,
                     .bearer = {},
                     .most_bytes = bounds::manifest_bytes},
                    repository);
  if (!answer) return tl::unexpected(answer.error());
  auto manifest = manifest_of(*answer, repository, tag);
  if (!manifest) return tl::unexpected(manifest.error());
  return RawManifest{std::move(*manifest), std::move(answer->body)};
}

ApiResult<std::optional<RawManifest>> RegistryApi::manifest(const RepositoryPath& repository, const Digest& digest) {
  auto answer = ask({.path = manifest_path(repository, digest.str()),
                     .accept = manifest_types,
                     .bearer = {},
                     .most_bytes = bounds::manifest_bytes},
                    repository);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return std::nullopt;
  if (answer->status != 200) {
    return tl::unexpected(unreadable_manifest(repository, digest.str(), std::to_string(answer->status)));
  }
  auto type = media_type_of(*answer);
  return RawManifest{{digest, std::move(type)}, std::move(answer->body)};
}

ApiResult<std::optional<std::string>> RegistryApi::blob(const RepositoryPath& repository, const Digest& digest,
                                                        std::size_t most_bytes) {
  const auto path = fmt::format("/v2/{}/blobs/{}", repository.str(), digest.str());
  auto answer = ask({.path = path, .accept = {}, .bearer = {}, .most_bytes = most_bytes}, repository);
  if (answer && is_redirect(answer->status)) {
    const auto* location = answer->find("location");
    answer = location == nullptr ? tl::unexpected(ApiFailure{path + " leads nowhere"}) : follow(*location, most_bytes);
  }
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 404) return std::nullopt;
  if (answer->status != 200) return tl::unexpected(ApiFailure{fmt::format("{} answers {}", path, answer->status)});
  return std::move(answer->body);
}

// Never with the token: where a blob lies is not the registry, and an address that is signed needs none.
ApiResult<HttpAnswer> RegistryApi::follow(const std::string& location, std::size_t most_bytes) {
  const auto place = parse_blob_location(location, registry_.address.url);
  if (!place) return tl::unexpected(ApiFailure{place.error().text});
  if (!storage_ || storage_origin_ != place->origin.str()) {
    registries::RegistryAddress address{.url = place->origin, .ca = registry_.address.ca, .pin = {}};
    if (place->origin == registry_.address.url) address.pin = registry_.address.pin;
    storage_ = std::make_unique<registries::HttpClient>(address, std::nullopt, limits_.http, stop_);
    storage_origin_ = place->origin.str();
  }
  auto answer = storage_->ask({.path = place->path, .accept = {}, .bearer = {}, .most_bytes = most_bytes});
  if (!answer) return tl::unexpected(ApiFailure{"where a blob lies does not answer: " + answer.error().text});
  return std::move(*answer);
}

}  // namespace spectacles::catalog
