// Data that can only be reached while its mutex is held.
#pragma once

#include <mutex>
#include <utility>

namespace spectacles {

template <class T>
class Synced {
 public:
  Synced() = default;
  explicit Synced(T value) : value_(std::move(value)) {}

  class Access {
   public:
    explicit Access(Synced& owner) : lock_(owner.mutex_), value_(owner.value_) {}
    T* operator->() { return &value_; }
    T& operator*() { return value_; }
    std::unique_lock<std::mutex>& lock() { return lock_; }  // for waiting on a condition variable

   private:
    std::unique_lock<std::mutex> lock_;
    T& value_;
  };

  Access lock() { return Access(*this); }

 private:
  std::mutex mutex_;
  T value_;
};

}  // namespace spectacles
