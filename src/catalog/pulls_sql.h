// Pulls that registries told of, as they come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "db/database.h"
#include "names/ids.h"

namespace spectacles::catalog {

struct Pull {
  std::int64_t id = 0;  // later ones have higher ones
  Time at;
  std::string registry;
  std::string repository;
  std::optional<NamespaceId> ns;  // that decides on the repository
  std::optional<std::string> tag;
  std::optional<std::string> digest;
  std::string actor;  // "" for nobody who was signed in
  std::string address;
};

class PullFeed {
 public:
  explicit PullFeed(db::Database& database) : database_(database) {}

  // The id of the newest notification.
  std::int64_t newest();
  // Those behind one id, up to and with another, the oldest first; at most `most`.
  std::vector<Pull> between(std::int64_t after, std::int64_t until, std::size_t most);

 private:
  db::Database& database_;
};

}  // namespace spectacles::catalog
