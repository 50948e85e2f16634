// Makes the changes of a plan.
#pragma once

#include "audit/recorder.h"
#include "base/clock.h"
#include "db/session.h"
#include "declare/plan.h"
#include "declare/stored.h"

namespace spectacles::declare {

// Writes each change and its audit event (by the operator at the command line) in the transaction of `session`. `plan`
// must come from comparing with `stored` as that transaction sees it. Throws db::Error.
void execute(db::Session& session, const Plan& plan, const Stored& stored, const audit::Recorder& recorder, Time now);

}  // namespace spectacles::declare
