#include "http/router.h"

#include <fmt/format.h>

#include <exception>
#include <stdexcept>

#include "base/waiting.h"
#include "http/fault.h"
#include "http/same_origin.h"

namespace spectacles::http {
namespace {

// The first segment of "/a/b", and "/b", or "" after the last one.
struct Split {
  std::string_view segment;
  std::string_view rest;
};

Split split_first(std::string_view path) {
  path.remove_prefix(1);
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {path, {}};
  return {path.substr(0, slash), path.substr(slash)};
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

bool is_below_api(std::string_view path) {
  return path == "/api" || path.starts_with("/api/");
}

template <class Methods>
std::string render_allow(const Methods& methods) {
  std::string allow;
  for (const auto& [method, mounted] : methods) {
    allow += fmt::format("{}, ", render_method(method));
    if (method == Method::get && !methods.contains(Method::head)) allow += "HEAD, ";
  }
  if (!methods.contains(Method::options)) allow += "OPTIONS, ";
  allow.resize(allow.size() - 2);
  return allow;
}

template <class Methods>
Response answer_unmounted_method(const Methods& methods, const Request& request) {
  Response response =
      request.method == Method::options
          ? no_content()
          : problem(405, fmt::format("{} is not possible here", render_method(request.method)), request.id);
  response.with("Allow", render_allow(methods));
  return response;
}

}  // namespace

Guarded anybody(Handler handler) {
  return {.policy = "anybody", .handler = std::move(handler)};
}

Guarded quick(Guarded guarded) {
  guarded.is_quick = true;
  return guarded;
}

void Router::add(Method method, std::string pattern, Guarded guarded) {
  if (!pattern.starts_with('/')) throw std::logic_error("a route must start with '/': " + pattern);
  Node* node = &root_;
  Mounted mounted{std::move(guarded.handler), {}, guarded.is_quick};
  for (std::string_view rest = pattern; !rest.empty();) {
    const auto [segment, after] = split_first(rest);
    auto& next = is_parameter(segment) ? node->parameter : node->fixed[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    if (is_parameter(segment)) mounted.parameters.emplace_back(segment.substr(1, segment.size() - 2));
    node = next.get();
    rest = after;
  }
  if (!node->methods.try_emplace(method, std::move(mounted)).second) {
    throw std::logic_error(fmt::format("{} {} is mounted twice", render_method(method), pattern));
  }
  routes_.push_back({method, std::move(pattern), std::move(guarded.policy)});
}

void Router::add_fallback(Handler handler) {
  fallback_ = std::move(handler);
}

// Tries the fixed segment first, then the parameter; a branch that leads nowhere leaves no values behind.
const Router::Node* Router::find(const Node& node, std::string_view path, std::vector<std::string_view>& values) {
  if (path.empty()) return node.methods.empty() ? nullptr : &node;
  const auto [segment, rest] = split_first(path);
  if (const auto fixed = node.fixed.find(segment); fixed != node.fixed.end()) {
    if (const auto* found = find(*fixed->second, rest, values)) return found;
  }
  if (!node.parameter || segment.empty()) return nullptr;
  values.push_back(segment);
  if (const auto* found = find(*node.parameter, rest, values)) return found;
  values.pop_back();
  return nullptr;
}

const Router::Mounted* Router::find_method(const Node& node, Method method) {
  auto mounted = node.methods.find(method);
  if (mounted == node.methods.end() && method == Method::head) mounted = node.methods.find(Method::get);
  return mounted == node.methods.end() ? nullptr : &mounted->second;
}

Result<Response> Router::answer_unknown(const Request& request) const {
  const bool reads = request.method == Method::get || request.method == Method::head;
  if (fallback_ && reads && !is_below_api(request.path)) return fallback_(request);
  return refuse(RefusalKind::not_found, "there is nothing at " + request.path);
}

Result<Response> Router::dispatch(Request& request) const {
  if (auto checked = check_same_origin(request); !checked) return pass_on(checked);
  std::vector<std::string_view> values;
  const Node* node = find(root_, request.path, values);
  if (!node) return answer_unknown(request);

  const auto* mounted = find_method(*node, request.method);
  if (!mounted) return answer_unmounted_method(node->methods, request);

  const auto& names = mounted->parameters;
  for (std::size_t i = 0; i < values.size(); ++i) request.path_parameters.emplace(names[i], values[i]);
  return mounted->handler(request);
}

bool Router::is_quick(const Request& request) const {
  std::vector<std::string_view> values;
  const Node* node = find(root_, request.path, values);
  const auto* mounted = node ? find_method(*node, request.method) : nullptr;
  return mounted && mounted->is_quick;
}

Response Router::handle(Request& request) const {
  try {
    auto answer = dispatch(request);
    if (answer) return *std::move(answer);
    return problem(answer.error(), request.id);
  } catch (const WouldWait&) {
    throw;
  } catch (const std::exception& fault) {
    return answer_fault(request, fault);
  } catch (...) {
    return answer_unknown_fault(request);
  }
}

}  // namespace spectacles::http
