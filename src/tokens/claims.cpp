#include "tokens/claims.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "base/base64.h"

namespace spectacles::tokens {
namespace {

constexpr std::int64_t not_before_slack_seconds = 20;

void append_text(std::string& json, std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    json.append(1, '"').append(text).append(1, '"');
  } else {
    json += boost::json::serialize(boost::json::string_view(text));
  }
}

void append_member(std::string& json, std::string_view name, std::string_view text) {
  json.append(1, '"').append(name).append("\":");
  append_text(json, text);
  json += ',';
}

void append_member(std::string& json, std::string_view name, std::int64_t number) {
  json.append(1, '"').append(name).append("\":").append(std::to_string(number)).append(1, ',');
}

// Names of repositories and actions hold nothing that JSON would escape.
void append_access(std::string& json, const Granted& granted) {
  bool is_first = true;
  const auto begin_entry = [&] {
    if (!std::exchange(is_first, false)) json += ',';
  };
  for (const auto& grant : granted.repositories) {
    begin_entry();
    json.append(R"({"type":"repository","name":")").append(grant.path.str()).append(R"(","actions":[)");
    bool is_first_action = true;
    for (const Action action : {Action::pull, Action::push, Action::del}) {
      if (!grant.actions.has(action)) continue;
      json.append(std::exchange(is_first_action, false) ? "\"" : ",\"").append(render_action(action)).append(1, '"');
    }
    json += "]}";
  }
  if (granted.catalog) {
    begin_entry();
    json += R"({"type":"registry","name":"catalog","actions":["*"]})";
  }
}

}  // namespace

std::string render_claims(const std::string& issuer, const ServiceName& service, const std::string& subject,
                          const Granted& granted, const TokenTimes& times, const std::string& id) {
  constexpr std::size_t usual_size = 400;
  const auto issued_at = to_unix_seconds(times.issued_at);
  std::string json;
  json.reserve(usual_size);
  json += '{';
  append_member(json, "iss", issuer);
  append_member(json, "sub", subject);
  append_member(json, "aud", service.str());
  append_member(json, "exp", issued_at + times.lifetime.count());
  append_member(json, "nbf", issued_at - not_before_slack_seconds);
  append_member(json, "iat", issued_at);
  append_member(json, "jti", id);
  json += R"("access":[)";
  append_access(json, granted);
  return json += "]}";
}

boost::json::object build_header(const registries::SigningKey& key, registries::KeyMode mode) {
  boost::json::object header{{"typ", "JWT"}, {"alg", crypto::render_algorithm(key.key.algorithm())}};
  if (mode == registries::KeyMode::jwks) {
    header["kid"] = key.rfc7638_id;
  } else {
    header["kid"] = key.libtrust_id;
    header["x5c"] = boost::json::array{to_base64(key.certificate.der())};
  }
  return header;
}

std::string render_scope(const Granted& granted) {
  std::string scope;
  for (const auto& grant : granted.repositories) {
    scope.append(scope.empty() ? "" : " ").append("repository:").append(grant.path.str()).append(1, ':');
    scope += grant.actions.str();
  }
  if (granted.catalog) scope.append(scope.empty() ? "" : " ").append("registry:catalog:*");
  return scope;
}

}  // namespace spectacles::tokens
