#include "audit/recorder.h"

#include <boost/json/serialize.hpp>

#include "db/insert.h"

namespace spectacles::audit {
namespace {

std::optional<std::string> render_state(const boost::json::value& state) {
  if (state.is_null()) return std::nullopt;
  return boost::json::serialize(state);
}

std::optional<std::string> text_or_null(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

std::string_view render_outcome(Outcome outcome) {
  return outcome == Outcome::done ? "done" : "refused";
}

void Recorder::record(db::Session& session, const Actor& actor, const Event& event) const {
  record(session, actor, std::vector{event});
}

void Recorder::record(db::Session& session, const Actor& actor, const std::vector<Event>& events) const {
  const auto now = clock_.now();
  std::vector<db::InsertedRow> rows;
  rows.reserve(events.size());
  for (const auto& event : events) {
    rows.push_back(db::row(now, actor.id, text_or_null(actor.name), event.action, event.subject,
                           text_or_null(actor.address), render_outcome(event.outcome), event.ns,
                           render_state(event.before), render_state(event.after)));
  }
  db::insert_rows(session,
                  "activity (at, actor_id, actor, action, subject, address, outcome, namespace_id, before_json, "
                  "after_json)",
                  rows);
}

}  // namespace spectacles::audit
