#include "tokens/claims.h"

#include <boost/json/array.hpp>

#include "base/base64.h"

namespace spectacles::tokens {
namespace {

constexpr std::int64_t not_before_slack_seconds = 20;

boost::json::object access_entry(std::string_view type, std::string_view name, boost::json::array actions) {
  return {{"type", type}, {"name", name}, {"actions", std::move(actions)}};
}

boost::json::array render_access(const Granted& granted) {
  boost::json::array access;
  for (const auto& grant : granted.repositories) {
    boost::json::array actions;
    for (const auto& action : grant.actions.names()) actions.emplace_back(action);
    access.push_back(access_entry("repository", grant.path.str(), std::move(actions)));
  }
  if (granted.catalog) access.push_back(access_entry("registry", "catalog", {"*"}));
  return access;
}

}  // namespace

boost::json::object build_claims(const std::string& issuer, const ServiceName& service, const std::string& subject,
                                 const Granted& granted, const TokenTimes& times, const std::string& id) {
  const auto issued_at = to_unix_seconds(times.issued_at);
  return {{"iss", issuer},
          {"sub", subject},
          {"aud", service.str()},
          {"exp", issued_at + times.lifetime.count()},
          {"nbf", issued_at - not_before_slack_seconds},
          {"iat", issued_at},
          {"jti", id},
          {"access", render_access(granted)}};
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
  const auto add = [&](const std::string& text) {
    if (!scope.empty()) scope += ' ';
    scope += text;
  };
  for (const auto& grant : granted.repositories) add("repository:" + grant.path.str() + ":" + grant.actions.str());
  if (granted.catalog) add("registry:catalog:*");
  return scope;
}

}  // namespace spectacles::tokens
