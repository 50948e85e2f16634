#include <boost/json.hpp>
#include <set>

#include "http/json.h"
#include "removal/permission.h"
#include "removal/routes.h"

namespace spectacles::removal {
namespace {

using accounts::Principal;

constexpr std::size_t most_tags = 500;  // of one request

// A repository in which the caller may delete; as the occasion of what he asks for.
Result<Occasion> find_deletable(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto id = parse_id<RepositoryId>(request.path_parameters.at("id"));
  const auto repository = id ? context.catalog.find_repository(context.catalog.visible_to(who), *id) : std::nullopt;
  const auto registry = repository ? context.registries.find(repository->registry) : std::nullopt;
  const auto namespaces = context.access.namespaces();
  const auto* covering = registry ? namespaces->find_covering(registry->id, repository->name) : nullptr;
  const auto permission = registry ? permission_of(who, covering, repository->name) : Permission::nothing;
  if (permission == Permission::nothing) return refuse(RefusalKind::not_found, "there is no such repository");
  if (permission == Permission::sees) {
    return refuse(RefusalKind::forbidden, "only who has FULL on the repository may delete in it");
  }
  return Occasion{.registry = *registry,
                  .repository = repository->name,
                  .ns = covering != nullptr ? std::optional(covering->id) : std::nullopt,
                  .actor = accounts::actor_of(who, request),
                  .reason = "deleted by " + who.name()};
}

template <class Name>
boost::json::array names_of(const std::vector<Name>& names) {
  boost::json::array list;
  for (const auto& name : names) list.emplace_back(name.str());
  return list;
}

boost::json::object render(const Resolved& manifest) {
  return {{"digest", manifest.digest.str()}, {"media_type", manifest.media_type}};
}

boost::json::object render(const Plan& plan) {
  boost::json::array tags;
  for (const auto& going : plan.tags) {
    tags.push_back(boost::json::object{{"tag", going.tag.str()},
                                       {"digest", going.manifest.digest.str()},
                                       {"media_type", going.manifest.media_type},
                                       {"shared_with", names_of(going.shared_with)},
                                       {"part_of", names_of(going.part_of)},
                                       {"manifest_dies", going.manifest_dies()}});
  }
  boost::json::array manifests;
  for (const auto& dying : plan.manifests) {
    auto rendered = render(dying.manifest);
    rendered["tags"] = names_of(dying.tags);
    boost::json::array parts;
    for (const auto& part : dying.parts) parts.push_back(render(part));
    rendered["parts"] = std::move(parts);
    manifests.push_back(std::move(rendered));
  }
  return {{"tags", std::move(tags)}, {"manifests", std::move(manifests)}};
}

boost::json::object render(const TagOutcome& outcome) {
  boost::json::object rendered{{"tag", outcome.tag.str()}};
  const bool is_missing = outcome.refusal && outcome.refusal->kind == RefusalKind::not_found;
  rendered["outcome"] = !outcome.refusal ? "deleted" : is_missing ? "missing" : "refused";
  rendered["reason"] = outcome.refusal ? boost::json::value(outcome.refusal->text) : boost::json::value(nullptr);
  return rendered;
}

// Where nothing at all could be done the refusal says more than a list of equal ones.
Result<http::Response> answer(const Result<std::vector<TagOutcome>>& outcomes) {
  if (!outcomes) return pass_on(outcomes);
  std::set<std::string> reasons;
  boost::json::array rendered;
  for (const auto& outcome : *outcomes) {
    reasons.insert(outcome.refusal ? outcome.refusal->text : "");
    rendered.push_back(render(outcome));
  }
  const bool all_alike = reasons.size() == 1 && !reasons.contains("");
  const auto kind = all_alike ? outcomes->front().refusal->kind : RefusalKind::not_found;
  if (kind == RefusalKind::conflict || kind == RefusalKind::unavailable) {
    return tl::unexpected<Refusal>(*outcomes->front().refusal);
  }
  return http::json(rendered);
}

Result<TagName> tag_of(const http::Request& request) {
  auto tag = TagName::parse(request.path_parameters.at("tag"));
  if (!tag) return refuse(RefusalKind::not_found, "the registry has no such tag here");
  return tag;
}

Result<http::Response> preview_tag(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto occasion = find_deletable(context, request, who);
  if (!occasion) return pass_on(occasion);
  const auto tag = tag_of(request);
  if (!tag) return pass_on(tag);
  const auto plan = context.remover.preview(occasion->registry, occasion->repository, std::vector{*tag});
  if (!plan) return pass_on(plan);
  return http::json(render(*plan));
}

template <class Name>
void check_count(http::Fields& fields, std::string_view field, const std::optional<std::vector<Name>>& names) {
  if (names && (names->empty() || names->size() > most_tags)) {
    fields.refuse(field, std::string(field) + " must be an array of 1 to 500");
  }
}

Result<http::Response> preview(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto occasion = find_deletable(context, request, who);
  if (!occasion) return pass_on(occasion);
  http::Fields fields(request);
  const auto tags = fields.optional_parsed_list("tags", TagName::parse);
  const auto digests = fields.optional_parsed_list("digests", Digest::parse);
  const auto all = fields.optional_boolean("all");
  check_count(fields, "tags", tags);
  check_count(fields, "digests", digests);
  if ((tags ? 1 : 0) + (digests ? 1 : 0) + (all ? 1 : 0) != 1 || all == false) {
    fields.refuse("tags", "give exactly one of tags, digests and \"all\": true");
  }
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  auto& remover = context.remover;
  const auto plan = tags      ? remover.preview(occasion->registry, occasion->repository, *tags)
                    : digests ? remover.preview(occasion->registry, occasion->repository, *digests)
                              : remover.preview_all(occasion->registry, occasion->repository);
  if (!plan) return pass_on(plan);
  return http::json(render(*plan));
}

Result<http::Response> delete_tag(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto occasion = find_deletable(context, request, who);
  if (!occasion) return pass_on(occasion);
  const auto query = request.query();
  if (!query) return pass_on(query);
  std::optional<Digest> expected;
  if (const auto text = query->first("digest"); text && !text->empty()) {
    const auto digest = Digest::parse(*text);
    if (!digest) return refuse(RefusalKind::invalid, digest.error().text, "digest");
    expected = *digest;
  }
  const auto tag = tag_of(request);
  if (!tag) return pass_on(tag);
  const auto outcomes = context.remover.remove_tags(*occasion, {{.tag = *tag, .expected = expected}});
  if (!outcomes) return pass_on(outcomes);
  if (outcomes->front().refusal) return tl::unexpected<Refusal>(*outcomes->front().refusal);
  return http::no_content();
}

Result<http::Response> delete_tags(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto occasion = find_deletable(context, request, who);
  if (!occasion) return pass_on(occasion);
  http::Fields fields(request);
  const auto tags = fields.optional_parsed_list("tags", TagName::parse);
  if (!tags) fields.refuse("tags", "tags is missing; it must be an array of tags");
  check_count(fields, "tags", tags);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  std::vector<TagTarget> targets;
  for (const auto& tag : std::set<TagName>(tags->begin(), tags->end())) targets.push_back({tag, {}});
  return answer(context.remover.remove_tags(*occasion, targets));
}

Result<http::Response> delete_manifest(const RouteContext& context, const http::Request& request,
                                       const Principal& who) {
  const auto occasion = find_deletable(context, request, who);
  if (!occasion) return pass_on(occasion);
  const auto digest = Digest::parse(request.path_parameters.at("digest"));
  if (!digest) return refuse(RefusalKind::not_found, "the registry has no such manifest here");
  if (const auto removed = context.remover.remove_manifest(*occasion, *digest); !removed) return pass_on(removed);
  return http::no_content();
}

Result<http::Response> delete_repository(const RouteContext& context, const http::Request& request,
                                         const Principal& who) {
  const auto occasion = find_deletable(context, request, who);
  if (!occasion) return pass_on(occasion);
  return answer(context.remover.remove_all(*occasion));
}

}  // namespace

void mount_deletion_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard) {
  using http::Method;
  const auto signed_in = [&](auto handler) {
    return guard.signed_in([context, handler](const http::Request& request, const Principal& who) {
      return handler(context, request, who);
    });
  };
  router.add(Method::get, "/api/v1/repositories/{id}/tags/{tag}/deletion", signed_in(preview_tag));
  router.add(Method::post, "/api/v1/repositories/{id}/deletion-preview", signed_in(preview));
  router.add(Method::del, "/api/v1/repositories/{id}/tags/{tag}", signed_in(delete_tag));
  router.add(Method::post, "/api/v1/repositories/{id}/deletions", signed_in(delete_tags));
  router.add(Method::del, "/api/v1/repositories/{id}/manifests/{digest}", signed_in(delete_manifest));
  router.add(Method::del, "/api/v1/repositories/{id}", signed_in(delete_repository));
}

}  // namespace spectacles::removal
