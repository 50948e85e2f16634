#include <tuple>

#include "accounts/routes.h"
#include "accounts/routes_target.h"
#include "base/base64.h"
#include "crypto/digest.h"
#include "http/precondition.h"

namespace spectacles::accounts {
namespace {

// Changes with the way in which pictures are drawn.
constexpr std::string_view drawing = "1";

Result<int> read_size(const http::Request& request) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto text = query->first("size").value_or("");
  if (text.empty()) return avatar_sizes.front();
  for (const int size : avatar_sizes) {
    if (text == std::to_string(size)) return size;
  }
  return refuse(RefusalKind::invalid, "size is 64 or 256", "size");
}

// Asked for again at each use, which costs an answer without a body.
http::Response with_headers(http::Response response, const std::string& etag, bool uploaded) {
  return std::move(response.with("ETag", etag)
                       .with("Cache-Control", "private, no-cache")
                       .with("X-Avatar", uploaded ? "uploaded" : "identicon"));
}

class AvatarRoutes {
 public:
  AvatarRoutes(AvatarStore& avatars, UserStore& users) : avatars_(avatars), users_(users) {}

  Result<http::Response> get(const http::Request& request, const Principal& who) const {
    const auto user = find_readable_user(users_, request, who);
    if (!user) return pass_on(user);
    const auto size = read_size(request);
    if (!size) return pass_on(size);
    const auto& [id, name] = std::tie(user->account.id, user->account.username);
    const auto revision = avatars_.find_revision(id);
    const auto etag = render_etag(revision.value_or(name.str()), *size);
    auto response = with_headers({}, etag, revision.has_value());
    if (http::is_known(request, etag)) {
      response.status = 304;
      return response;
    }
    auto png = revision ? avatars_.find(id, *size) : std::nullopt;
    response.body = png ? *std::move(png) : draw_identicon(name, *size);
    return std::move(response.with("Content-Type", "image/png"));
  }

  Result<http::Response> replace(const http::Request& request, const Principal& who) const {
    const auto user = find_changeable_user(users_, request, who);
    if (!user) return pass_on(user);
    if (request.media_type() != "image/png") {
      return refuse(RefusalKind::unsupported, "a picture is sent as image/png", "avatar");
    }
    // Decoding takes a processor for as long as hashing a password does.
    return http::later([&avatars = avatars_, &request, account = user->account,
                        actor = actor_of(who, request)]() -> Result<http::Response> {
      const auto images = draw_avatar(request.body);
      if (!images) return pass_on(images);
      if (const auto replaced = avatars.replace(account, *images, actor); !replaced) return pass_on(replaced);
      return http::no_content();
    });
  }

  Result<http::Response> remove(const http::Request& request, const Principal& who) const {
    const auto user = find_changeable_user(users_, request, who);
    if (!user) return pass_on(user);
    avatars_.remove(user->account, actor_of(who, request));
    return http::no_content();
  }

 private:
  static std::string render_etag(const std::string& picture, int size) {
    const auto digest = crypto::sha256(std::string(drawing) + "/" + std::to_string(size) + "/" + picture);
    return http::render_etag(to_base64url(digest).substr(0, 22));
  }

  AvatarStore& avatars_;
  UserStore& users_;
};

}  // namespace

void mount_avatar_routes(http::Router& router, AvatarStore& avatars, UserStore& users, const Guard& guard) {
  using http::Method;
  const auto routes = std::make_shared<const AvatarRoutes>(avatars, users);
  const auto handler = [routes](auto member) {
    return [routes, member](const http::Request& request, const Principal& who) {
      return ((*routes).*member)(request, who);
    };
  };
  constexpr auto avatar = "/api/v1/users/{id}/avatar";
  router.add(Method::get, avatar, guard.signed_in(handler(&AvatarRoutes::get)));
  router.add(Method::put, avatar, guard.signed_in(handler(&AvatarRoutes::replace)));
  router.add(Method::del, avatar, guard.signed_in(handler(&AvatarRoutes::remove)));
}

}  // namespace spectacles::accounts
