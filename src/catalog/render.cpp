#include "catalog/render.h"

#include <boost/json.hpp>

namespace spectacles::catalog {
namespace {

boost::json::value text_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

boost::json::value number_or_null(const std::optional<std::int64_t>& number) {
  return number ? boost::json::value(*number) : boost::json::value(nullptr);
}

boost::json::value time_or_null(const std::optional<Time>& time) {
  return time ? boost::json::value(render_rfc3339(*time)) : boost::json::value(nullptr);
}

// Of what has not been seen to happen the time is 0.
boost::json::value seen_or_null(Time time) {
  return to_millis(time) == 0 ? boost::json::value(nullptr) : boost::json::value(render_rfc3339(time));
}

boost::json::value render_namespace(const std::optional<NamespaceId>& id, const Visible& visible) {
  const auto* ns = id ? visible.find_namespace(*id) : nullptr;
  if (ns == nullptr) return nullptr;
  return boost::json::object{{"id", ns->id.value()}, {"name", ns->name.str()}};
}

template <class Found>
boost::json::object render_registry(const Found& found) {
  return {{"id", found.registry.value()}, {"name", found.registry_name.str()}, {"public", found.registry_host.str()}};
}

boost::json::object render(const Part& part) {
  return {{"digest", part.digest}, {"media_type", part.media_type}, {"size", part.size}};
}

boost::json::array render_layers(const ManifestView& details) {
  boost::json::array rendered;
  rendered.reserve(details.layers.size());
  for (const auto& layer : details.layers) rendered.push_back(render(layer));
  return rendered;
}

// The layers belong to the steps that changed files, one after the other.
boost::json::array render_history(const ManifestView& details) {
  boost::json::array rendered;
  rendered.reserve(details.config->history.size());
  auto layer = details.layers.begin();
  for (const auto& step : details.config->history) {
    boost::json::object one{{"created_by", step.created_by},
                            {"comment", step.comment},
                            {"created", time_or_null(step.created)},
                            {"empty_layer", step.empty_layer}};
    one["layer"] = nullptr;
    if (!step.empty_layer && layer != details.layers.end()) one["layer"] = render(*layer++);
    rendered.push_back(std::move(one));
  }
  return rendered;
}

boost::json::object render(const ImageConfig& config) {
  boost::json::object rendered{{"author", text_or_null(config.author)},
                               {"user", config.user},
                               {"working_dir", config.working_dir},
                               {"stop_signal", config.stop_signal},
                               {"env", boost::json::value_from(config.env)},
                               {"entrypoint", boost::json::value_from(config.entrypoint)},
                               {"cmd", boost::json::value_from(config.cmd)},
                               {"exposed_ports", boost::json::value_from(config.exposed_ports)},
                               {"volumes", boost::json::value_from(config.volumes)},
                               {"labels", boost::json::value_from(config.labels)}};
  rendered["healthcheck"] = nullptr;
  if (const auto& check = config.healthcheck) {
    rendered["healthcheck"] = boost::json::object{{"test", boost::json::value_from(check->test)},
                                                  {"interval_seconds", number_or_null(check->interval_seconds)},
                                                  {"timeout_seconds", number_or_null(check->timeout_seconds)},
                                                  {"retries", number_or_null(check->retries)}};
  }
  return rendered;
}

boost::json::array render_manifests(const ManifestView& details) {
  boost::json::array rendered;
  rendered.reserve(details.manifests.size());
  for (const auto& entry : details.manifests) {
    auto one = render(entry.part);
    one["platform"] = text_or_null(entry.platform);
    one["state"] = entry.state;
    rendered.push_back(std::move(one));
  }
  return rendered;
}

boost::json::array render_shared(const ManifestView& details) {
  boost::json::array rendered;
  rendered.reserve(details.shared_with.size());
  for (const auto& shared : details.shared_with) {
    rendered.push_back(
        boost::json::object{{"repository", {{"id", shared.repository.value()}, {"name", shared.repository_name.str()}}},
                            {"tag", shared.tag.str()}});
  }
  return rendered;
}

boost::json::array render_attached(const ManifestView& details) {
  boost::json::array rendered;
  rendered.reserve(details.attached.size());
  for (const auto& attached : details.attached) {
    rendered.push_back(boost::json::object{{"digest", attached.digest},
                                           {"media_type", attached.media_type},
                                           {"tag", text_or_null(attached.tag)},
                                           {"type", attached.type},
                                           {"size", number_or_null(attached.size)},
                                           {"created_at", time_or_null(attached.created_at)}});
  }
  return rendered;
}

}  // namespace

boost::json::object render(const Repository& repository, const Visible& visible) {
  return {{"id", repository.id.value()},
          {"registry", render_registry(repository)},
          {"namespace", render_namespace(repository.ns, visible)},
          {"name", repository.name.str()},
          {"tags", repository.tags},
          {"size", repository.size},
          {"pushed_at", seen_or_null(repository.pushed_at)},
          {"pulled_at", seen_or_null(repository.pulled_at)},
          {"pulls", repository.pulls},
          {"missing_since", time_or_null(repository.missing_since)},
          {"first_seen_at", render_rfc3339(repository.first_seen_at)},
          {"changed_at", render_rfc3339(repository.changed_at)}};
}

boost::json::object render(const Tag& tag) {
  return {{"name", tag.name.str()},
          {"digest", tag.digest.str()},
          {"media_type", tag.media_type},
          {"kind", text_or_null(tag.kind)},
          {"platform", text_or_null(tag.platform)},
          {"size", tag.size},
          {"pushed_at", seen_or_null(tag.pushed_at)},
          {"pulled_at", seen_or_null(tag.pulled_at)},
          {"pulls", tag.pulls},
          {"missing_since", time_or_null(tag.missing_since)},
          {"first_seen_at", render_rfc3339(tag.first_seen_at)},
          {"changed_at", render_rfc3339(tag.changed_at)}};
}

boost::json::object render(const Hit& hit, const Visible& visible) {
  boost::json::object repository{{"id", hit.repository.value()},
                                 {"name", hit.name.str()},
                                 {"registry", render_registry(hit)},
                                 {"namespace", render_namespace(hit.ns, visible)}};
  boost::json::object rendered{{"kind", hit.tag ? "tag" : "repository"}, {"repository", std::move(repository)}};
  rendered["tag"] = hit.tag ? boost::json::value(hit.tag->str()) : boost::json::value(nullptr);
  rendered["digest"] = hit.digest ? boost::json::value(hit.digest->str()) : boost::json::value(nullptr);
  rendered["size"] = hit.size;
  rendered["pushed_at"] = seen_or_null(hit.pushed_at);
  return rendered;
}

boost::json::object render(const ManifestView& details) {
  boost::json::object rendered{{"digest", details.digest.str()},
                               {"media_type", details.media_type},
                               {"state", details.state},
                               {"problem", text_or_null(details.problem)},
                               {"kind", text_or_null(details.kind)},
                               {"artifact_type", text_or_null(details.artifact_type)},
                               {"subject", text_or_null(details.subject)},
                               {"platform", text_or_null(details.platform)},
                               {"size", number_or_null(details.size)},
                               {"created_at", time_or_null(details.created_at)},
                               {"layers", render_layers(details)},
                               {"manifests", render_manifests(details)},
                               {"shared_with", render_shared(details)},
                               {"more_shared", details.more_shared},
                               {"attached", render_attached(details)}};
  rendered["history"] = details.config ? render_history(details) : boost::json::array();
  rendered["config"] = details.config ? boost::json::value(render(*details.config)) : boost::json::value(nullptr);
  return rendered;
}

}  // namespace spectacles::catalog
