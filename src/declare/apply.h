// Makes a database what a document says it should be.
#pragma once

#include "accounts/password.h"
#include "audit/recorder.h"
#include "base/clock.h"
#include "db/database.h"
#include "declare/document.h"
#include "declare/plan.h"
#include "declare/want.h"

namespace spectacles::declare {

struct Options {
  Prune prune = Prune::no;
  bool plan_only = false;  // say what would change, write nothing
};

struct Outcome {
  Plan plan;      // what was changed, or would be
  Errors errors;  // all there are, in the order of the lines; then the plan is empty and nothing was written
};

// Everything or nothing, in one transaction; what is so already is left alone, so a second run changes nothing. A
// document that has errors is not applied. Throws db::Error.
Outcome apply(db::Database& database, accounts::PasswordHasher& hasher, const audit::Recorder& recorder,
              const Clock& clock, const Document& document, const Options& options);

}  // namespace spectacles::declare
