#include "access/routes_change.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace spectacles::access {
namespace {

Result<ClaimRequest> read_claim(const boost::json::value& value, const std::string& path) {
  http::Fields fields(value, path);
  const auto user = fields.optional_parsed("user", UserName::parse);
  const auto group = fields.optional_parsed("group", Label::parse);
  const auto pattern = fields.parsed("repository", Pattern::parse);
  const auto level = fields.parsed("access", parse_level);
  if (user.has_value() == group.has_value()) fields.refuse("user", "give either user or group");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  using Holder = std::variant<UserName, Label>;
  return ClaimRequest{.holder = user ? Holder(*user) : Holder(*group), .pattern = *pattern, .level = *level};
}

Result<std::optional<std::vector<ClaimRequest>>> read_claims(const std::optional<boost::json::array>& values,
                                                             const std::string& within) {
  if (!values) return std::nullopt;
  std::vector<ClaimRequest> claims;
  for (std::size_t i = 0; i < values->size(); ++i) {
    auto claim = read_claim((*values)[i], fmt::format("{}claims[{}]", within, i));
    if (!claim) return pass_on(claim);
    claims.push_back(std::move(*claim));
  }
  return claims;
}

}  // namespace

Result<NamespaceChange> read_namespace_change(http::Fields& fields, const std::string& path) {
  NamespaceChange change{.owner = fields.optional_parsed("owner", UserName::parse),
                         .description = fields.optional_parsed("description", parse_description),
                         .member_access = fields.optional_parsed("member_access", parse_level),
                         .group_access = fields.optional_parsed("group_access", parse_level),
                         .other_access = fields.optional_parsed("other_access", parse_level),
                         .anonymous_access = fields.optional_parsed("anonymous_access", parse_anonymous_level),
                         .members = fields.optional_parsed_list("members", UserName::parse),
                         .groups = fields.optional_parsed_list("groups", Label::parse),
                         .claims = {}};
  const auto claim_values = fields.optional_array("claims");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  auto claims = read_claims(claim_values, path.empty() ? path : path + ".");
  if (!claims) return pass_on(claims);
  change.claims = std::move(*claims);
  return change;
}

}  // namespace spectacles::access
