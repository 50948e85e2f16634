// The slow part of an apply: hashing and verifying passwords, done before the transaction is opened.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "accounts/password.h"
#include "declare/document.h"
#include "declare/world.h"

namespace spectacles::declare {

class Passwords {
 public:
  // Whether a password that is new gets a hash, or only counts as a change (nothing will be written).
  enum class Purpose { apply, plan };

  Passwords(accounts::PasswordHasher& hasher, Purpose purpose) : hasher_(hasher), purpose_(purpose) {}

  // Works out the passwords of all users of `document`, two at a time.
  void prepare(const Document& document, const World& now);

  // See HashOf. At once when it was prepared for the same stored hash.
  std::string hash_for(const UserName& user, const Secret& password, const std::optional<std::string>& stored);

 private:
  std::string work_out(const Secret& password, const std::optional<std::string>& stored) const;

  accounts::PasswordHasher& hasher_;
  Purpose purpose_;
  std::map<std::pair<UserName, std::optional<std::string>>, std::string> known_;
};

}  // namespace spectacles::declare
