#include <boost/json.hpp>

#include "access/explanation.h"
#include "access/routes.h"
#include "http/json.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

Result<Question> read_question(const http::Parameters& query) {
  const auto action = query.first("action");
  if (!action) return refuse(RefusalKind::invalid, "action is missing: pull, push, delete or *", "action");
  const auto requested = parse_actions(*action);
  if (!requested) return pass_on(requested);
  const auto repository = query.first("repository");
  if (!repository) return refuse(RefusalKind::invalid, "repository is missing", "repository");

  Question question{
      .registry = query.first("registry"), .user = {}, .repository = *repository, .requested = *requested};
  if (question.registry && question.registry->empty()) question.registry.reset();
  if (const auto user = query.first("user"); user && !user->empty()) {
    const auto name = UserName::parse(*user);
    if (!name) return refuse(RefusalKind::invalid, name.error().text, "user");
    question.user = *name;
  }
  return question;
}

Result<http::Response> explain(AccessStore& store, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto question = read_question(*query);
  if (!question) return pass_on(question);
  const auto explanation = store.explain(*question, who);
  if (!explanation) return pass_on(explanation);
  return http::json(render_explanation(*explanation));
}

}  // namespace

void mount_explain_routes(http::Router& router, AccessStore& store, const accounts::Guard& guard) {
  router.add(http::Method::get, "/api/v1/access/explain",
             guard.signed_in([&store](const http::Request& request, const Principal& who) {
               return explain(store, request, who);
             }));
}

}  // namespace spectacles::access
