// How long decisions are kept. What activity recorded is never removed.
#pragma once

#include <chrono>
#include <cstdint>

namespace spectacles::audit {

struct Retention {
  std::chrono::days age{90};
  std::int64_t rows = 10'000'000;  // told by ids, of which some may be missing: so at most that many
};

}  // namespace spectacles::audit
