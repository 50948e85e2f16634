#include "app/commands_records.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "app/export.h"
#include "app/record_filter.h"
#include "app/wiring.h"

namespace spectacles::app {
namespace {

// What the words of a command were read into; lives as long as the command.
struct Words {
  std::string format = "text";
  std::map<std::string, std::string, std::less<>> filters;
};

struct Filter {
  const char* name;  // as in the query of the API
  const char* meaning;
};

FindText find_in(const Words& words) {
  return [&words](std::string_view name) -> std::optional<std::string> {
    const auto found = words.filters.find(name);
    return found == words.filters.end() ? std::nullopt : std::optional(found->second);
  };
}

ExportFormat format_of(const Words& words) {
  for (const auto format : {ExportFormat::jsonl, ExportFormat::csv}) {
    if (words.format == render_export_format(format)) return format;
  }
  return ExportFormat::text;
}

int print(const Parts& parts) {
  while (const auto part = parts()) {
    if (std::fwrite(part->data(), 1, part->size(), stdout) != part->size()) {
      return complain("the output takes no more", failed);
    }
  }
  return done;
}

int print_decisions(const Config& config, const Words& words) {
  const auto filter = read_decision_filter(find_in(words));
  if (!filter) return complain(filter.error());
  Foundation foundation(config);
  audit::DecisionStore decisions(foundation.database);
  return print(export_decisions(decisions, *filter, format_of(words)));
}

int print_activity(const Config& config, const Words& words) {
  const auto filter = read_event_filter(find_in(words));
  if (!filter) return complain(filter.error());
  Foundation foundation(config);
  audit::ActivityStore activity(foundation.database);
  return print(export_events(activity, *filter, format_of(words)));
}

void add(CLI::App& parser, const Choose& choose, const std::string& name, const std::string& description,
         std::initializer_list<Filter> filters, int (*run)(const Config&, const Words&)) {
  auto& command = *parser.add_subcommand(name, description);
  const auto words = std::make_shared<Words>();
  command.add_option("--format", words->format, "text, jsonl or csv")->check(CLI::IsMember({"text", "jsonl", "csv"}));
  for (const auto& filter : filters) {
    command.add_option_function<std::string>(
        std::string("--") + filter.name,
        [words, key = std::string(filter.name)](const std::string& text) { words->filters[key] = text; },
        filter.meaning);
  }
  choose(command, [words, run](const Config& config) { return run(config, *words); });
}

}  // namespace

void add_record_commands(CLI::App& parser, const Choose& choose) {
  add(parser, choose, "decisions", "Print what the token endpoint decided, newest first",
      {{"outcome", "granted or refused"},
       {"user", "Only this user; - is nobody who was signed in"},
       {"registry", "Only in the registry of this name"},
       {"repository", "Only on this repository"},
       {"namespace", "Only in the namespace of this id"},
       {"rule", "Only by this rule"},
       {"action", "Only where this was asked for: pull, push, delete, or * for the catalog"},
       {"address", "Only from this address"},
       {"since", "Not before this time, as 2026-03-01T12:00:00Z"},
       {"until", "Before this time"},
       {"q", "Only repositories or users that hold this text"}},
      print_decisions);
  add(parser, choose, "activity", "Print what happened, newest first",
      {{"outcome", "done or refused"},
       {"actor", "Only by this user; - is nobody who was signed in"},
       {"kind", "Only of this kind: user, session, namespace, ..."},
       {"action", "Only exactly this, as namespace.changed"},
       {"namespace", "Only in the namespace of this id"},
       {"address", "Only from this address"},
       {"since", "Not before this time, as 2026-03-01T12:00:00Z"},
       {"until", "Before this time"},
       {"q", "Only what was done to something whose name holds this text"}},
      print_activity);
}

}  // namespace spectacles::app
