#include "removal/manifest_api.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "catalog/link.h"
#include "catalog/manifest.h"
#include "registries/printable.h"

namespace spectacles::removal {
namespace {

using registries::HttpAnswer;
using registries::HttpQuestion;
using registries::HttpWrite;
using registries::printable;

constexpr ActionSet pull{Action::pull};
constexpr ActionSet push{Action::pull, Action::push};
constexpr ActionSet del{Action::pull, Action::del};

constexpr int most_pages = 1000;
constexpr std::chrono::seconds token_age{30};

// A type that is left out makes the registry answer 404 for a manifest that exists.
const std::vector<std::string> manifest_types{"application/vnd.oci.image.manifest.v1+json",
                                              "application/vnd.oci.image.index.v1+json",
                                              "application/vnd.docker.distribution.manifest.v2+json",
                                              "application/vnd.docker.distribution.manifest.list.v2+json",
                                              "application/vnd.docker.distribution.manifest.v1+prettyjws",
                                              "application/vnd.oci.artifact.manifest.v1+json"};

std::optional<boost::json::object> parse_object(const std::string& body) {
  boost::json::error_code error;
  auto value = boost::json::parse(body, error, {}, {.max_depth = 8});
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

// The code of the first error that the registry names.
std::string error_code(const HttpAnswer& answer) {
  const auto object = parse_object(answer.body);
  const auto* errors = object ? object->if_contains("errors") : nullptr;
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return {};
  const auto* first = errors->get_array().front().if_object();
  const auto* code = first == nullptr ? nullptr : first->if_contains("code");
  return code != nullptr && code->is_string() ? std::string(code->get_string()) : std::string();
}

std::string type_of(const HttpAnswer& answer) {
  const auto* type = answer.find("content-type");
  return type == nullptr ? std::string() : printable(std::string_view(*type).substr(0, type->find(';')));
}

// Adds the names of a page; false when it is no list, or one of them is no tag.
bool add_tags(const std::string& body, std::vector<TagName>& tags) {
  const auto object = parse_object(body);
  const auto* list = object ? object->if_contains("tags") : nullptr;
  if (list == nullptr) return false;
  if (list->is_null()) return true;
  if (!list->is_array()) return false;
  for (const auto& item : list->get_array()) {
    const auto tag = item.is_string() ? TagName::parse(item.get_string()) : refuse(RefusalKind::invalid, "no text");
    if (!tag) return false;
    tags.push_back(*tag);
  }
  return true;
}

}  // namespace

ManifestApi::ManifestApi(const registries::Registry& registry, RepositoryPath repository, RegistryReach reach,
                         std::stop_token stop)
    : registry_(registry),
      repository_(std::move(repository)),
      tokens_(std::move(reach.tokens)),
      client_(registry.address, std::move(reach.own_key), reach.limits, std::move(stop)) {}

Result<Secret> ManifestApi::token_for(ActionSet actions) {
  const auto now = std::chrono::steady_clock::now();
  const auto key = actions.str();
  if (const auto found = held_.find(key); found != held_.end()) {
    if (now - found->second.made_at <= token_age) return found->second.token;
    held_.erase(found);
  }
  auto token = tokens_(registry_, repository_, actions);
  if (token) held_.emplace(key, HeldToken{*token, now});
  return token;
}

Result<HttpAnswer> ManifestApi::ask(HttpQuestion question, ActionSet actions) {
  const auto token = token_for(actions);
  if (!token) return pass_on(token);
  question.bearer = *token;
  auto answer = client_.ask(question);
  if (!answer) {
    return refuse(RefusalKind::unavailable,
                  fmt::format("the registry {} does not answer: {}", registry_.name.str(), answer.error().text));
  }
  return std::move(*answer);
}

std::string ManifestApi::path_of(const std::string& rest) const {
  return fmt::format("/v2/{}/{}", repository_.str(), rest);
}

tl::unexpected<Refusal> ManifestApi::unusable(const HttpQuestion& question, int status) const {
  const auto* advice = status == 401 ? "; does it trust the key of this server?" : "";
  return refuse(RefusalKind::unavailable,
                fmt::format("the registry {} answers {} on {}{}", registry_.name.str(), status, question.path, advice));
}

Result<std::vector<TagName>> ManifestApi::tags() {
  const auto path = path_of("tags/list");
  std::vector<TagName> tags;
  std::optional<std::string> next = path + "?n=1000";
  for (int pages = 0; next; ++pages) {
    const HttpQuestion question{.path = *next, .accept = {}, .bearer = {}};
    const auto answer = ask(question, pull);
    if (!answer) return pass_on(answer);
    if (pages == 0 && answer->status == 404 && error_code(*answer) == "NAME_UNKNOWN") return tags;
    if (answer->status != 200) return unusable(question, answer->status);
    if (pages >= most_pages || !add_tags(answer->body, tags)) {
      return refuse(RefusalKind::unavailable, fmt::format("the registry {} does not tell all tags of {}",
                                                          registry_.name.str(), repository_.str()));
    }
    next.reset();
    if (const auto* link = answer->find("link")) {
      const auto following = catalog::parse_next_page(*link, registry_.address.url, path);
      if (!following) return refuse(RefusalKind::unavailable, following.error().text);
      next = *following;
    }
  }
  return tags;
}

Result<std::optional<Resolved>> ManifestApi::resolve(const TagName& tag) {
  const HttpQuestion question{
      .head = true, .path = path_of("manifests/" + tag.str()), .accept = manifest_types, .bearer = {}};
  const auto answer = ask(question, pull);
  if (!answer) return pass_on(answer);
  if (answer->status == 404) return std::nullopt;
  const auto* digest = answer->find("docker-content-digest");
  const auto parsed = digest == nullptr ? refuse(RefusalKind::invalid, "no digest") : Digest::parse(*digest);
  if (answer->status != 200 || !parsed) return unusable(question, answer->status);
  return Resolved{*parsed, type_of(*answer)};
}

Result<std::optional<KeptManifest>> ManifestApi::read(const Digest& digest) {
  const HttpQuestion question{.path = path_of("manifests/" + digest.str()), .accept = manifest_types, .bearer = {}};
  auto answer = ask(question, pull);
  if (!answer) return pass_on(answer);
  if (answer->status == 404) return std::nullopt;
  if (answer->status != 200) return unusable(question, answer->status);
  if (answer->body.size() > catalog::bounds::manifest_bytes || !catalog::are_bytes_of(digest, answer->body)) {
    return refuse(RefusalKind::unavailable,
                  fmt::format("the registry {} does not give the bytes of {}", registry_.name.str(), digest.str()));
  }
  return KeptManifest{.manifest = {digest, type_of(*answer)}, .bytes = std::move(answer->body)};
}

Result<bool> ManifestApi::has_blob(const Digest& digest) {
  HttpQuestion question{.path = path_of("blobs/" + digest.str()), .accept = {}, .bearer = {}};
  question.first_byte = true;
  const auto token = token_for(pull);
  if (!token) return pass_on(token);
  question.bearer = *token;
  const auto answer = client_.ask(question);
  // It may lie elsewhere, where the registry leads to.
  if (answer && answer->status >= 200 && answer->status < 400) return true;
  // A body that ends before it begins, or a fault, is how a blob shows that was collected behind the registry's back.
  const bool is_missing =
      answer ? answer->status == 404 || answer->status == 500 : answer.error().stage == registries::HttpStage::http;
  if (!is_missing) {
    if (answer) return unusable(question, answer->status);
    return refuse(RefusalKind::unavailable,
                  fmt::format("the registry {} does not answer: {}", registry_.name.str(), answer.error().text));
  }
  const auto alive = ask({.path = "/v2/", .accept = {}, .bearer = {}}, pull);
  if (!alive) return pass_on(alive);
  if (alive->status != 200) return unusable({.path = "/v2/", .accept = {}, .bearer = {}}, alive->status);
  return false;
}

Result<ManifestApi::Put> ManifestApi::put(const std::string& reference, const KeptManifest& kept) {
  HttpQuestion question{.path = path_of("manifests/" + reference), .accept = {}, .bearer = {}};
  question.write =
      HttpWrite{.verb = HttpWrite::Verb::put, .content_type = kept.manifest.media_type, .body = kept.bytes};
  const auto answer = ask(question, push);
  if (!answer) return pass_on(answer);
  const auto code = error_code(*answer);
  if (code == "MANIFEST_BLOB_UNKNOWN" || code == "BLOB_UNKNOWN" || code == "MANIFEST_UNKNOWN") {
    return Put::layers_missing;
  }
  if (answer->status != 201 && answer->status != 200) return unusable(question, answer->status);
  const auto* digest = answer->find("docker-content-digest");
  if (digest != nullptr && *digest != kept.manifest.digest.str()) {
    return refuse(RefusalKind::unavailable,
                  fmt::format("the registry {} took {} for another manifest", registry_.name.str(), reference));
  }
  return Put::done;
}

Result<ManifestApi::Deletion> ManifestApi::remove(const std::string& reference) {
  HttpQuestion question{.path = path_of("manifests/" + reference), .accept = {}, .bearer = {}};
  question.write = HttpWrite{.verb = HttpWrite::Verb::del};
  const auto answer = ask(question, del);
  if (!answer) return pass_on(answer);
  switch (answer->status) {
    case 200:
    case 202:
      return Deletion::done;
    case 404:
      return Deletion::missing;
    case 400:
      return Deletion::needs_digest;
    case 405:
      return refuse(RefusalKind::conflict,
                    fmt::format("the registry {} deletes nothing: set REGISTRY_STORAGE_DELETE_ENABLED=true there, "
                                "and see that it is not read-only",
                                registry_.name.str()));
    default:
      return unusable(question, answer->status);
  }
}

}  // namespace spectacles::removal
