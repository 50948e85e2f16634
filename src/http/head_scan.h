// A first look at the head of a request, byte by byte, before it is parsed: forms that servers and proxies are known to
// read differently, which is what request smuggling lives on, end here (RFC 9112 sections 2.2, 5.1, 5.2, 11.2).
#pragma once

#include <cstddef>
#include <string_view>

namespace spectacles::http {

enum class HeadScan { incomplete, complete, malformed };

// Looks for the empty line that ends the head. `scanned` is where the scan goes on when more bytes have come (0 at
// first); when the head is complete it is its length. Malformed is a line that does not end in CRLF, a CR elsewhere,
// any other control character than a tab, a header line that starts with a blank (folding), has no colon or a blank
// before it, and an empty request line.
HeadScan scan_head(std::string_view bytes, std::size_t& scanned);

}  // namespace spectacles::http
