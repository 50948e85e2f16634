// Reads what was just pushed, without waiting for the next pass: layers, platforms and sizes are there a moment after
// the tag. What is lost here (a registry that does not answer, a process that ends) the next pass reads.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "catalog/learned_sql.h"
#include "catalog/notification.h"
#include "catalog/registry_api.h"
#include "crypto/key.h"

namespace spectacles::catalog {

class Learner {
 public:
  // `own_key` is the public half of our signing key. `store` must outlive it.
  Learner(LearnedStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, ApiLimits limits);
  ~Learner();  // stops
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;

  void start();
  void learn(std::vector<Pushed> pushed);  // returns at once
  void stop();                             // ends within about a second

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace spectacles::catalog
