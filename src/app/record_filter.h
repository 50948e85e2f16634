// The filters of what is recorded (activity, decisions), as the API and the command line read them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/account.h"
#include "app/wiring.h"
#include "audit/decisions_sql.h"
#include "audit/store_sql.h"
#include "base/result.h"

namespace spectacles::app {

// The text that was given for a filter, if any.
using FindText = std::function<std::optional<std::string>(std::string_view name)>;

// Both refuse (invalid), naming the filter, what no record could match for its form alone.
Result<audit::EventFilter> read_event_filter(const FindText& find);
Result<audit::DecisionFilter> read_decision_filter(const FindText& find);

// Whose records alone the caller may see: his own, unless he reads everything or asks about a namespace that is his.
// What he may not see does not exist.
std::optional<AccountId> narrowed_to(Services& services, const accounts::Principal& who,
                                     const std::optional<NamespaceId>& ns);

}  // namespace spectacles::app
