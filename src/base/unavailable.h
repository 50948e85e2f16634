// Marks the faults that pass by themselves: something this program depends on does not answer now, and the same request
// may succeed in a moment. An exception class derives from it beside std::exception; HTTP answers 503 instead of 500.
#pragma once

namespace spectacles {

class Unavailable {
 public:
  virtual ~Unavailable() = default;

 protected:
  Unavailable() = default;
  Unavailable(const Unavailable&) = default;
  Unavailable& operator=(const Unavailable&) = default;
};

}  // namespace spectacles
