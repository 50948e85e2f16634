// Prepared contexts of OpenSSL that are used again and again, by one thread at a time: preparing one costs as much as
// what it is for.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/synced.h"

namespace spectacles::crypto {

// May be used by several threads at once. There are never more of them than threads that used one at once.
template <class T>
class Spares {
 public:
  // Runs `use(T&)` with a spare one, or with one that `make()` gives as a std::unique_ptr<T>. One whose use throws is
  // not used again.
  template <class Make, class Use>
  auto with(Make make, Use use) {
    auto one = take();
    if (!one) one = make();
    auto used = use(*one);
    spare_.lock()->push_back(std::move(one));
    return used;
  }

 private:
  std::unique_ptr<T> take() {
    auto spare = spare_.lock();
    if (spare->empty()) return nullptr;
    auto one = std::move(spare->back());
    spare->pop_back();
    return one;
  }

  Synced<std::vector<std::unique_ptr<T>>> spare_;
};

}  // namespace spectacles::crypto
