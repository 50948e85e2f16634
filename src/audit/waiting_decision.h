// A decision that waits to be written: small, and one block of memory, since a busy server has thousands a second.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/decision.h"

namespace spectacles::audit {

// What makes two grants the same: a digest of hour, user, registry, repository and actions.
struct GrantKey {
  std::int64_t high = 0;
  std::int64_t low = 0;

  static GrantKey of(const Decided& grant, Time now);

  auto operator<=>(const GrantKey&) const = default;
};

struct GrantKeyHash {
  std::size_t operator()(const GrantKey& key) const { return static_cast<std::size_t>(key.low); }
};

class WaitingDecision {
 public:
  // A refusal if there is no key. Texts that come from outside are cut to what a row holds.
  WaitingDecision(const Decided& decided, Time now, const std::optional<GrantKey>& key);

  // Takes in one more grant of the same key: what the last one said is what stands.
  void add(const Decided& grant, Time now);

  const std::optional<GrantKey>& key() const { return key_; }
  Verdict verdict() const { return key_ ? Verdict::granted : Verdict::refused; }
  Time at() const { return at_; }            // of the first
  Time last_at() const { return last_at_; }  // of the last
  std::int64_t count() const { return count_; }
  std::optional<AccountId> account() const { return account_; }
  RegistryId registry_id() const { return registry_id_; }
  std::optional<NamespaceId> ns_id() const { return ns_id_; }
  ActionSet requested() const { return requested_; }
  ActionSet granted() const { return granted_; }
  std::string_view user() const { return text(0); }
  std::string_view repository() const { return text(1); }
  std::string_view registry() const { return text(2); }
  std::string_view ns() const { return text(3); }
  std::string_view rule() const { return text(4); }
  std::string_view reason() const { return text(5); }
  std::string_view address() const { return text(6); }
  std::string_view client() const { return text(7); }
  std::string_view passed_over() const { return text(8); }  // JSON; "" for none, and for grants

  // What it takes of memory, about.
  std::size_t bytes() const { return sizeof(*this) + texts_.capacity() + bytes_of_a_node; }

 private:
  static constexpr std::size_t bytes_of_a_node = 64;
  static constexpr std::size_t text_count = 9;
  using Texts = std::array<std::string_view, text_count>;

  static Texts texts_of(const Decided& decided);
  bool holds(const Texts& texts) const;
  void set(const Texts& texts);
  std::string_view text(std::size_t at) const;

  Time at_;
  Time last_at_;
  std::int64_t count_ = 1;
  std::optional<GrantKey> key_;
  std::optional<AccountId> account_;
  RegistryId registry_id_;
  std::optional<NamespaceId> ns_id_;
  ActionSet requested_;
  ActionSet granted_;
  std::array<std::uint32_t, text_count> ends_ = {};  // in texts_
  std::string texts_;
};

}  // namespace spectacles::audit
