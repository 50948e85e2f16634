#include "tokens/endpoint.h"

#include <boost/json.hpp>

namespace spectacles::tokens {
namespace {

std::string_view error_code(int status) {
  switch (status) {
    case 401:
      return "UNAUTHORIZED";
    case 429:
      return "TOOMANYREQUESTS";
    case 503:
      return "UNAVAILABLE";
    default:
      return "UNSUPPORTED";
  }
}

// The form that every client shows well; the docker engine prints its reason only with the top-level "details".
http::Response render_refusal(const Refusal& refusal, const http::Request& request) {
  // A body that cannot be read as a form is the client's mistake like any other wrong parameter.
  const int status = refusal.kind == RefusalKind::unsupported ? 400 : http::status_of(refusal.kind);
  const boost::json::object error{{"code", error_code(status)}, {"message", refusal.text}, {"detail", nullptr}};
  auto response =
      http::json(boost::json::object{{"errors", boost::json::array{error}}, {"details", refusal.text}}, status);
  if (status == 401) response.with("WWW-Authenticate", R"(Basic realm=")" + request.origin() + R"(", charset="UTF-8")");
  if (refusal.retry_after_seconds > 0) response.with("Retry-After", std::to_string(refusal.retry_after_seconds));
  return response;
}

// Written here and not by way of a JSON value, for this is most of what the server says: a token is base64url with
// dots, and scopes hold nothing that JSON would escape.
http::Response render_token(const SignedToken& token, const Granted& granted, bool with_scope) {
  const auto& text = token.text.reveal();
  constexpr std::size_t room_for_the_rest = 160;
  std::string body;
  body.reserve(2 * text.size() + room_for_the_rest);
  body.append(R"({"token":")").append(text);
  body.append(R"(","access_token":")").append(text);
  body.append(R"(","expires_in":)").append(std::to_string(token.times.lifetime.count()));
  body.append(R"(,"issued_at":")").append(render_rfc3339(token.times.issued_at)).append(1, '"');
  if (with_scope) body.append(R"(,"scope":")").append(render_scope(granted)).append(R"(","token_type":"Bearer")");
  body += '}';
  return http::json_text(std::move(body));
}

std::optional<Secret> secret_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return Secret(*text);
}

Result<SentParameters> read_parameters(const http::Request& request) {
  const bool is_post = request.method == http::Method::post;
  const auto parameters = is_post ? request.form() : request.query();
  if (!parameters) return pass_on(parameters);
  auto basic = request.basic();
  if (!basic) return pass_on(basic);

  SentParameters sent{.is_post = is_post,
                      .service = parameters->first("service"),
                      .scopes = parameters->all("scope"),
                      .account = parameters->first("account"),
                      .client_id = parameters->first("client_id"),
                      .grant_type = parameters->first("grant_type"),
                      .username = {},
                      .password = {},
                      .basic = {}};
  if (is_post) {
    sent.username = parameters->first("username");
    sent.password = secret_of(parameters->first("password"));
  }
  if (*basic) sent.basic = {std::move((*basic)->user), std::move((*basic)->password)};
  return sent;
}

// A signature that takes long is made where that may be.
http::Response sign(Issuer& issuer, const Approved& approved, bool with_scope) {
  if (const auto token = issuer.sign(approved)) return render_token(*token, approved.granted, with_scope);
  return http::later([&issuer, approved, with_scope] { return sign(issuer, approved, with_scope); },
                     http::Pool::workers);
}

http::Response answer(Issuer& issuer, const TokenRequest& token_request, const http::Request& request,
                      std::optional<accounts::Principal> recognized) {
  const auto approved = issuer.approve(token_request, request.remote_address, std::move(recognized));
  if (!approved) return render_refusal(approved.error(), request);
  return sign(issuer, *approved, token_request.answers_scope);
}

http::Response answer(Issuer& issuer, const http::Request& request) {
  auto sent = read_parameters(request);
  if (!sent) return render_refusal(sent.error(), request);
  const auto token_request = check_request(*std::move(sent));
  if (!token_request) return render_refusal(token_request.error(), request);
  if (auto recognized = issuer.recognize(*token_request)) {
    return answer(issuer, *token_request, request, std::move(recognized));
  }
  return http::later([&issuer, token_request, &request] { return answer(issuer, *token_request, request, {}); },
                     http::Pool::hashers);
}

// The router would answer OPTIONS with 204; the protocol knows no such method here.
http::Response refuse_method(const http::Request& request) {
  return http::problem(405, "the token endpoint answers GET, HEAD and POST", request.id)
      .with("Allow", "GET, HEAD, POST");
}

}  // namespace

void mount_endpoint(http::Router& router, Issuer& issuer) {
  const auto handler = [&issuer](const http::Request& request) { return answer(issuer, request); };
  for (const auto path : endpoint_paths) {
    router.add(http::Method::get, std::string(path), http::quick(http::anybody(handler)));
    router.add(http::Method::post, std::string(path), http::quick(http::anybody(handler)));
    router.add(http::Method::options, std::string(path), http::anybody(refuse_method));
  }
}

}  // namespace spectacles::tokens
