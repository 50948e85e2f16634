// The namespaces that an account gets at its beginning and leaves at its end.
#pragma once

#include "accounts/belongings.h"
#include "audit/recorder.h"

namespace spectacles::access {

class NamespaceBelongings final : public accounts::Belongings {
 public:
  NamespaceBelongings(const audit::Recorder& recorder, const Clock& clock) : recorder_(recorder), clock_(clock) {}

  // The namespace of the user's own name, where the setting says so. A name that is taken, that is none for a
  // namespace, or that would take repositories from others gets none.
  void set_up(db::Session& session, const accounts::Account& account, const audit::Actor& actor) override;

  Result<void> pass_on(db::Session& session, const accounts::Account& account,
                       const std::optional<accounts::Account>& heir, const audit::Actor& actor) override;

 private:
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::access
