// The connection test: whether a registry can be reached, is the one it should be, and sends its clients here.
// It sends no credentials and no token, so a server that only pretends to be a registry learns nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/key.h"
#include "names/service.h"
#include "registries/client_http.h"
#include "registries/registry.h"

namespace spectacles::registries {

enum class CheckOutcome { passed, failed, warning, skipped };

std::string_view render_check_outcome(CheckOutcome outcome);

struct Check {
  std::string name;  // address, dns, tcp, tls, challenge, realm, service, clock: always all, in this order
  CheckOutcome outcome = CheckOutcome::skipped;
  std::string detail;
  std::string advice;  // what to change; empty when there is nothing
};

struct ConnectionTest {
  std::vector<Check> checks;
  std::optional<ServiceName> service;
  std::optional<std::string> realm;
  std::optional<SeenCertificate> certificate;

  bool ok() const;  // no check failed
};

struct CheckOptions {
  std::optional<crypto::PublicKey> own_key;
  std::optional<std::string> public_url;  // of this server, if it is configured
  HttpLimits limits;
};

// Takes as long as the limits allow. Network trouble is a result, not an exception.
ConnectionTest test_connection(const RegistryAddress& address, const CheckOptions& options, Time now);

}  // namespace spectacles::registries
