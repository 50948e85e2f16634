#include "accounts/avatars_sql.h"

#include <boost/json/object.hpp>

#include "accounts/rows_sql.h"
#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::accounts {
namespace {

using Digests = std::array<std::string, avatar_sizes.size()>;

std::optional<Digests> find_digests(db::Session& session, AccountId id) {
  const auto row =
      session.find<std::string, std::string>("SELECT digest_64, digest_256 FROM avatar WHERE account_id = :id", id);
  if (!row) return std::nullopt;
  return Digests{std::get<0>(*row), std::get<1>(*row)};
}

std::string revision_of(const Digests& digests) {
  constexpr std::size_t length = 32;
  return digests.back().substr(0, length);
}

boost::json::value describe(const std::optional<Digests>& digests) {
  if (!digests) return nullptr;
  return boost::json::object{{"avatar", revision_of(*digests)}};
}

}  // namespace

std::optional<std::string> AvatarStore::find_revision(AccountId id) {
  const auto digests = database_.read([&](db::Session& session) { return find_digests(session, id); });
  return digests ? std::optional(revision_of(*digests)) : std::nullopt;
}

std::optional<std::string> AvatarStore::find(AccountId id, int size) {
  const auto* const select = size == avatar_sizes.front() ? "SELECT png_64 FROM avatar WHERE account_id = :id"
                                                          : "SELECT png_256 FROM avatar WHERE account_id = :id";
  const auto row = database_.read([&](db::Session& session) { return session.find<std::string>(select, id); });
  return row ? std::optional(from_base64(std::get<0>(*row)).value()) : std::nullopt;
}

Result<void> AvatarStore::replace(const Account& account, const AvatarImages& images, const audit::Actor& actor) {
  Digests digests;
  for (std::size_t i = 0; i < images.size(); ++i) digests.at(i) = to_hex(crypto::sha256(images.at(i)));
  return database_.write([&](db::Session& session) -> Result<void> {
    if (!rows::find_account(session, account.id)) return refuse(RefusalKind::not_found, "there is no such user");
    const auto old = find_digests(session, account.id);
    if (old == digests) return {};
    session.execute("DELETE FROM avatar WHERE account_id = :id", account.id);
    session.execute(
        "INSERT INTO avatar (account_id, digest_64, png_64, digest_256, png_256, changed_at) "
        "VALUES (:id, :digest_64, :png_64, :digest_256, :png_256, :now)",
        account.id, digests[0], to_base64(images[0]), digests[1], to_base64(images[1]), clock_.now());
    recorder_.record(session, actor,
                     {.action = "user.avatar_changed",
                      .subject = account.username.str(),
                      .before = describe(old),
                      .after = describe(digests)});
    return {};
  });
}

void AvatarStore::remove(const Account& account, const audit::Actor& actor) {
  database_.write([&](db::Session& session) {
    const auto old = find_digests(session, account.id);
    if (!old) return;
    session.execute("DELETE FROM avatar WHERE account_id = :id", account.id);
    recorder_.record(session, actor,
                     {.action = "user.avatar_removed", .subject = account.username.str(), .before = describe(old)});
  });
}

}  // namespace spectacles::accounts
