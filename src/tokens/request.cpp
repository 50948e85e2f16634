#include "tokens/request.h"

#include <algorithm>

#include "names/user_name.h"

namespace spectacles::tokens {
namespace {

constexpr std::string_view no_refresh_tokens = "wrong user name or password";

// One canonical form before names are compared: ALICE and alice are one user.
std::string canonical(const std::string& user) {
  const auto name = UserName::parse(user);
  return name ? name->str() : user;
}

Result<void> check_grant_type(const SentParameters& sent) {
  if (!sent.is_post || sent.grant_type == "password") return {};
  if (sent.grant_type == "refresh_token") {
    return refuse(RefusalKind::unauthenticated, std::string(no_refresh_tokens));
  }
  return refuse(RefusalKind::invalid, "grant_type must be password", "grant_type");
}

// The credentials of the form and of the Authorization header, which must be the same if both are there; moved out.
Result<std::optional<Credentials>> merge_credentials(SentParameters& sent) {
  std::optional<Credentials> form;
  if (sent.is_post && (sent.username || sent.password)) {
    if (!sent.username) return refuse(RefusalKind::invalid, "username is missing beside the password", "username");
    if (!sent.password) return refuse(RefusalKind::invalid, "password is missing beside the username", "password");
    form = Credentials{*std::move(sent.username), *std::move(sent.password)};
  }
  if (!sent.basic) return form;
  Credentials basic{std::move(sent.basic->user), std::move(sent.basic->password)};
  if (form && (canonical(form->user) != canonical(basic.user) || !(form->password == basic.password))) {
    return refuse(RefusalKind::invalid, "the form and the Authorization header name different credentials", "username");
  }
  return basic;
}

Result<void> check_account(const SentParameters& sent, const std::optional<Credentials>& credentials) {
  // An empty user goes with a refresh token as the password; it is refused where credentials are verified.
  if (sent.is_post || !sent.account || !credentials || credentials->user.empty()) return {};
  if (canonical(*sent.account) == canonical(credentials->user)) return {};
  return refuse(RefusalKind::invalid, "account names another user than the credentials", "account");
}

}  // namespace

Result<TokenRequest> check_request(SentParameters sent) {
  if (!sent.service || sent.service->empty()) {
    return refuse(RefusalKind::invalid, "service is missing: it says which registry the token is for", "service");
  }
  if (const auto checked = check_grant_type(sent); !checked) return pass_on(checked);
  auto credentials = merge_credentials(sent);
  if (!credentials) return pass_on(credentials);
  if (const auto checked = check_account(sent, *credentials); !checked) return pass_on(checked);
  if (sent.is_post && !*credentials) {
    return refuse(RefusalKind::invalid, "username and password are missing", "username");
  }

  TokenRequest request{.service = *std::move(sent.service),
                       .scopes = std::move(sent.scopes),
                       .credentials = std::move(*credentials),
                       .client_id = std::move(sent.client_id).value_or(""),
                       .answers_scope = sent.is_post};
  std::erase(request.scopes, std::string());
  if (!request.credentials && request.scopes.empty()) {
    return refuse(RefusalKind::unauthenticated, "sign in with user name and password");
  }
  return request;
}

}  // namespace spectacles::tokens
