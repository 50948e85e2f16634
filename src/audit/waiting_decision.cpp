#include "audit/waiting_decision.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <utility>

#include "crypto/digest.h"

namespace spectacles::audit {
namespace {

constexpr std::size_t most_reason_bytes = 2000;
constexpr std::size_t most_client_bytes = 200;
constexpr std::size_t most_address_bytes = 64;

// The beginning of a text, cut between two characters of UTF-8.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return text.substr(0, most);
}

std::string render_passed_over(const Decided& decided) {
  if (!decided.passed_over) return "";
  boost::json::array rendered;
  for (const auto& [rule, reason] : decided.passed_over()) {
    rendered.push_back(boost::json::object{{"rule", rule}, {"reason", cut(reason, most_reason_bytes)}});
  }
  return rendered.empty() ? "" : boost::json::serialize(rendered);
}

}  // namespace

GrantKey GrantKey::of(const Decided& grant, Time now) {
  std::string bytes = std::to_string(to_millis(hour_of(now)));
  bytes.append(1, ' ').append(std::to_string(grant.registry_id.value())).append(1, ' ').append(grant.user);
  bytes.append(1, '\0').append(grant.repository).append(1, '\0').append(grant.granted.str());
  const auto hash = crypto::sha256(bytes);
  GrantKey key;
  std::memcpy(&key.high, hash.data(), sizeof(key.high));
  std::memcpy(&key.low, hash.data() + sizeof(key.high), sizeof(key.low));
  return key;
}

WaitingDecision::WaitingDecision(const Decided& decided, Time now, const std::optional<GrantKey>& key)
    : at_(now),
      last_at_(now),
      key_(key),
      account_(decided.account),
      registry_id_(decided.registry_id),
      ns_id_(decided.ns_id),
      requested_(decided.requested),
      granted_(decided.granted) {
  auto texts = texts_of(decided);
  const auto passed_over = key ? std::string() : render_passed_over(decided);
  texts.back() = passed_over;
  set(texts);
}

void WaitingDecision::add(const Decided& grant, Time now) {
  ++count_;
  last_at_ = std::max(last_at_, now);
  account_ = grant.account;
  ns_id_ = grant.ns_id;
  // Equal as long as nobody changes a right, so nothing is copied but then.
  if (const auto texts = texts_of(grant); !holds(texts)) set(texts);
}

WaitingDecision::Texts WaitingDecision::texts_of(const Decided& decided) {
  return {decided.user,
          decided.repository,
          decided.registry,
          decided.ns,
          decided.rule,
          cut(decided.reason, most_reason_bytes),
          cut(decided.address, most_address_bytes),
          cut(decided.client, most_client_bytes),
          {}};
}

bool WaitingDecision::holds(const Texts& texts) const {
  for (std::size_t at = 0; at < text_count; ++at) {
    if (text(at) != texts[at]) return false;
  }
  return true;
}

void WaitingDecision::set(const Texts& texts) {
  std::size_t bytes = 0;
  for (const auto& text : texts) bytes += text.size();
  std::string all;
  all.reserve(bytes);
  for (std::size_t at = 0; at < text_count; ++at) {
    all.append(texts[at]);
    ends_[at] = static_cast<std::uint32_t>(all.size());
  }
  texts_ = std::move(all);
}

std::string_view WaitingDecision::text(std::size_t at) const {
  const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
  return std::string_view(texts_).substr(begin, ends_[at] - begin);
}

}  // namespace spectacles::audit
