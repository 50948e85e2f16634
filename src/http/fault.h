// The answer to a request whose handler threw.
#pragma once

#include <exception>

#include "http/request.h"
#include "http/response.h"

namespace spectacles::http {

// 503 with Retry-After when something that the handler needs does not answer now (base/unavailable.h), else 500. Logs
// the fault, which the answer does not show.
Response answer_fault(const Request& request, const std::exception& fault);

// 500 for what is no std::exception.
Response answer_unknown_fault(const Request& request);

}  // namespace spectacles::http
