#include <boost/json/serialize.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/log.h"
#include "base/unicode.h"
#include "declare/plan.h"

namespace spectacles::declare {
namespace {

namespace json = boost::json;

std::string render_text(std::string_view text) {
  constexpr std::size_t longest = 80;
  if (text.size() > longest) return fmt::format("({} characters)", count_code_points(text));
  return log::render_value(text);
}

// A custom right reads "user carol: FULL on *".
std::string render_claim(const json::object& claim) {
  const bool of_user = claim.contains("user");
  return fmt::format(
      "{} {}: {} on {}", of_user ? "user" : "group", render_text(claim.at(of_user ? "user" : "group").as_string()),
      std::string_view(claim.at("access").as_string()), std::string_view(claim.at("repository").as_string()));
}

std::string render_value(const json::value& value) {
  if (value.is_null()) return "none";
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  if (value.is_object()) return render_claim(value.as_object());
  if (value.is_string()) return render_text(value.as_string());
  std::vector<std::string> items;
  for (const auto& item : value.as_array()) items.push_back(render_value(item));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

// Of a list what comes and what goes: "+bob -carol".
std::string render_difference(const json::array& before, const json::array& after) {
  std::set<std::string> old_items;
  std::set<std::string> new_items;
  for (const auto& item : before) old_items.insert(render_value(item));
  for (const auto& item : after) new_items.insert(render_value(item));
  std::vector<std::string> out;
  for (const auto& item : new_items) {
    if (!old_items.contains(item)) out.push_back("+" + item);
  }
  for (const auto& item : old_items) {
    if (!new_items.contains(item)) out.push_back("-" + item);
  }
  return fmt::format("{}", fmt::join(out, " "));
}

std::string render_update(const Detail& detail) {
  if (detail.key == "password") return "password: changed";
  if (detail.before.is_array()) {
    return detail.key + " " + render_difference(detail.before.as_array(), detail.after.as_array());
  }
  return fmt::format("{} {} -> {}", detail.key, render_value(detail.before), render_value(detail.after));
}

// Of a new object, what is not so by default.
bool is_worth_saying(const json::value& value) {
  if (value.is_null() || value == json::value(false)) return false;
  if (value.is_array()) return !value.as_array().empty();
  return !value.is_string() || (!value.as_string().empty() && value.as_string() != "NONE");
}

std::string render_change(const Change& change) {
  std::vector<std::string> parts;
  const std::string subject = fmt::format("{} {}", render_kind(change.kind()), log::render_value(change.name()));
  switch (change.verb()) {
    case Verb::create:
      for (const Detail& detail : change.details()) {
        if (is_worth_saying(detail.after)) parts.push_back(detail.key + " " + render_value(detail.after));
      }
      return parts.empty() ? "+ " + subject : fmt::format("+ {} ({})", subject, fmt::join(parts, ", "));
    case Verb::update:
      for (const Detail& detail : change.details()) parts.push_back(render_update(detail));
      return fmt::format("~ {}: {}", subject, fmt::join(parts, ", "));
    case Verb::remove:
      return "- " + subject;
  }
  return subject;
}

}  // namespace

std::string_view render_kind(Kind kind) {
  switch (kind) {
    case Kind::registry:
      return "registry";
    case Kind::user:
      return "user";
    case Kind::group:
      return "group";
    case Kind::name_space:
      return "namespace";
  }
  return "";
}

std::string render_plan(const Plan& plan) {
  if (plan.empty()) return "nothing to change\n";
  std::string out;
  for (const Change& change : plan.changes) out += render_change(change) + "\n";
  const auto count = [&](Verb verb) {
    return std::count_if(plan.changes.begin(), plan.changes.end(), [&](const Change& c) { return c.verb() == verb; });
  };
  out += fmt::format("{} to create, {} to change, {} to delete\n", count(Verb::create), count(Verb::update),
                     count(Verb::remove));
  return out;
}

}  // namespace spectacles::declare
