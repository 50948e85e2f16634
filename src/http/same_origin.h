// Whether a request that changes something may come from where it says it comes from: the guard against cross-site
// request forgery, by what browsers tell of their own accord (Fetch Metadata, and Origin of RFC 6454).
#pragma once

#include "base/result.h"
#include "http/request.h"

namespace spectacles::http {

// Refuses (forbidden) an unsafe request (not GET, HEAD, OPTIONS) of a page of another origin: its Sec-Fetch-Site is
// neither same-origin nor none, or, without that header, its Origin is not request.origin(). What sends neither header
// is no browser (docker, curl) and passes.
Result<void> check_same_origin(const Request& request);

}  // namespace spectacles::http
