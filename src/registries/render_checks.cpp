#include "registries/render_checks.h"

namespace spectacles::registries {

boost::json::array render_checks(const ConnectionTest& test) {
  boost::json::array checks;
  for (const auto& check : test.checks) {
    checks.push_back(boost::json::object{
        {"name", check.name},
        {"outcome", render_check_outcome(check.outcome)},
        {"detail", check.detail},
        {"advice", check.advice.empty() ? boost::json::value(nullptr) : boost::json::value(check.advice)}});
  }
  return checks;
}

boost::json::object render_test(const ConnectionTest& test) {
  boost::json::object rendered{{"ok", test.ok()}, {"checks", render_checks(test)}};
  rendered["service"] = test.service ? boost::json::value(test.service->str()) : boost::json::value(nullptr);
  rendered["realm"] = test.realm ? boost::json::value(*test.realm) : boost::json::value(nullptr);
  rendered["certificate"] = nullptr;
  if (test.certificate) {
    rendered["certificate"] = boost::json::object{{"fingerprint", test.certificate->fingerprint},
                                                  {"subject", test.certificate->subject},
                                                  {"not_after", render_rfc3339(test.certificate->not_after)},
                                                  {"trusted", test.certificate->trusted}};
  }
  return rendered;
}

}  // namespace spectacles::registries
