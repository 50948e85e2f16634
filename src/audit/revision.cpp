#include "audit/revision.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::audit {

Revision revision_of(const boost::json::object& state) {
  constexpr std::size_t bytes = 15;  // no two states of one thing meet by chance, and base64 needs no padding
  return Revision(to_base64url(crypto::sha256(boost::json::serialize(state)).substr(0, bytes)));
}

Result<void> ExpectedRevision::check(const Revision& revision) const {
  if (!one_of_ || std::find(one_of_->begin(), one_of_->end(), revision.value()) != one_of_->end()) return {};
  return refuse(RefusalKind::stale, "somebody changed this meanwhile: look at it again, then decide");
}

Result<void> check_change(const ExpectedRevision& expected, const boost::json::object& before,
                          const boost::json::object& after) {
  if (before == after) return {};
  return expected.check(revision_of(before));
}

}  // namespace spectacles::audit
