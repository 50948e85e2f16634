// A refusal is a value: something the caller asked for that cannot be had, with a text that may be shown to him.
// A fault (the database is gone, a bug) is an exception; it is caught where HTTP requests are dispatched, where a
// background job runs, and in main.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace spectacles {

enum class RefusalKind {
  invalid,          // what was sent is not well-formed or not allowed as a value
  unauthenticated,  // who asks has not proved who he is
  forbidden,        // he has, and may not do this
  not_found,        // there is no such thing, or none that he may see
  conflict,         // it contradicts what exists
  stale,            // it is not any more what the caller saw
  too_large,
  unsupported,  // a media type or method that is not spoken here
  too_many,     // too many tries, later again
  unavailable,  // something this depends on does not answer
};

struct Refusal {
  RefusalKind kind;
  std::string text;             // one sentence for the person who asked; never holds a secret
  std::string field;            // the offending field as a path ("users[0].role"), empty if there is none
  int retry_after_seconds = 0;  // with too_many: how long to wait, if that is known

  bool operator==(const Refusal&) const = default;
};

template <class T>
using Result = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse(RefusalKind kind, std::string text, std::string field = {}) {
  return tl::unexpected<Refusal>(Refusal{kind, std::move(text), std::move(field), 0});
}

// The refusal of `result` to hand on as that of another type of result.
template <class T>
tl::unexpected<Refusal> pass_on(const Result<T>& result) {
  return tl::unexpected<Refusal>(result.error());
}

}  // namespace spectacles
