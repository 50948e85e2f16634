#include <boost/json.hpp>

#include "access/answers.h"
#include "access/routes.h"
#include "http/page.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

std::optional<std::string> filled(const http::Parameters& query, std::string_view name) {
  auto value = query.first(name);
  return value && !value->empty() ? std::move(value) : std::nullopt;
}

// A page of `rows` in the order of `key_of`.
template <class Row, class KeyOf, class Render>
http::Response answer_page(const http::Request& request, const PageRequest& page, std::vector<Row>& rows, KeyOf key_of,
                           Render render) {
  const auto total = static_cast<std::int64_t>(rows.size());
  const auto next = http::sort_to_page(rows, page, key_of);
  boost::json::array rendered;
  for (const auto& row : rows) rendered.push_back(render(row));
  return http::page(request, rendered, total, next);
}

Result<http::Response> who(WhatIfStore& store, const http::Request& request, const Principal& asker) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 1);
  if (!page) return pass_on(page);
  const auto action = query->first("action");
  if (!action) return refuse(RefusalKind::invalid, "action is missing: pull, push, delete or *", "action");
  const auto requested = parse_actions(*action);
  if (!requested) return pass_on(requested);
  const auto repository = query->first("repository");
  if (!repository) {
    return refuse(RefusalKind::invalid, "repository is missing: a name, or a pattern with * and ?", "repository");
  }
  auto answer =
      store.who({.registry = filled(*query, "registry"), .repository = *repository, .requested = *requested}, asker);
  if (!answer) return pass_on(answer);

  const auto key_of = [](const Grantee& row) { return std::vector{row.user ? row.user->str() : std::string()}; };
  const auto render = [&](const Grantee& row) { return render_grantee(row, *answer); };
  return answer_page(request, *page, answer->grantees, key_of, render)
      .with("X-Repositories-Asked", std::to_string(answer->repositories));
}

Result<http::Response> reach(WhatIfStore& store, const http::Request& request, const Principal& asker) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 2);
  if (!page) return pass_on(page);
  const auto expand = filled(*query, "expand");
  if (expand && *expand != "repositories") {
    return refuse(RefusalKind::invalid, "expand is repositories, or left out", "expand");
  }
  ReachQuestion question{.registry = filled(*query, "registry"), .user = {}};
  if (const auto user = filled(*query, "user")) {
    const auto name = UserName::parse(*user);
    if (!name) return refuse(RefusalKind::invalid, name.error().text, "user");
    question.user = *name;
  }
  if (expand) {
    auto rows = store.reach_repositories(question, asker);
    if (!rows) return pass_on(rows);
    const auto key_of = [](const ReachedRepository& row) {
      return std::vector{row.registry.str(), row.repository.str()};
    };
    return answer_page(request, *page, *rows, key_of, render_reached_repository);
  }
  auto rows = store.reach(question, asker);
  if (!rows) return pass_on(rows);
  const auto key_of = [](const Reach& row) {
    return std::vector{row.registry.str(), row.ns ? row.ns->str() : std::string()};
  };
  return answer_page(request, *page, *rows, key_of, render_reach);
}

}  // namespace

void mount_what_if_routes(http::Router& router, WhatIfStore& store, const accounts::Guard& guard) {
  const auto signed_in = [&](auto handler) {
    return guard.signed_in([&store, handler](const http::Request& request, const Principal& asker) {
      return handler(store, request, asker);
    });
  };
  router.add(http::Method::get, "/api/v1/access/who", signed_in(who));
  router.add(http::Method::get, "/api/v1/access/reach", signed_in(reach));
}

}  // namespace spectacles::access
