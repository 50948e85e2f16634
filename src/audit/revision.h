// Which state of a thing somebody saw, so that he does not change another one by mistake: what stands behind ETag and
// If-Match (RFC 9110, sections 8.8.3 and 13.1.1). A revision is a digest of the state that activity records, so it
// needs no column of its own, and no way of changing a thing can forget to count it up.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/strong.h"

namespace spectacles::audit {

using Revision = Strong<std::string, struct RevisionTag>;

// Equal for equal states, whose members come in equal order. Of things that can look alike the state holds the id.
Revision revision_of(const boost::json::object& state);

// What a caller believes a thing to be: one of some revisions, or anything.
class ExpectedRevision {
 public:
  static ExpectedRevision any() { return ExpectedRevision(std::nullopt); }
  // Nothing: any. An empty list: none fits.
  explicit ExpectedRevision(std::optional<std::vector<std::string>> one_of) : one_of_(std::move(one_of)) {}

  // Refuses (stale) another revision.
  Result<void> check(const Revision& revision) const;

 private:
  std::optional<std::vector<std::string>> one_of_;
};

// For a change from one state to another: a change that was made already is not refused, so that a request whose answer
// was lost can be sent again.
Result<void> check_change(const ExpectedRevision& expected, const boost::json::object& before,
                          const boost::json::object& after);

}  // namespace spectacles::audit
