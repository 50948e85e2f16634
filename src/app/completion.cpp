#include "app/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iterator>
#include <vector>

namespace spectacles::app {
namespace {

// A command and what may follow it.
struct Place {
  std::string path;  // "", "user", "user create"
  std::vector<const CLI::App*> commands;
  std::vector<const CLI::Option*> options;  // those with a name
};

void collect(const CLI::App& command, const std::string& path, std::vector<Place>& places) {
  Place place{.path = path, .commands = command.get_subcommands([](const CLI::App*) { return true; }), .options = {}};
  for (const auto* option : command.get_options()) {
    if (option->nonpositional()) place.options.push_back(option);
  }
  places.push_back(place);
  for (const auto* subcommand : place.commands) {
    collect(*subcommand, path.empty() ? subcommand->get_name() : path + " " + subcommand->get_name(), places);
  }
}

std::vector<Place> all_places(const CLI::App& parser) {
  std::vector<Place> places;
  collect(parser, "", places);
  return places;
}

std::string words_of(const Place& place) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
  for (const auto* command : place.commands) add(command->get_name());
  for (const auto* option : place.options) {
    for (const auto& name : option->get_lnames()) add("--" + name);
  }
  return words;
}

// The function walks along the words that are commands, then offers what may follow; else files.
std::string render_bash(const std::vector<Place>& places) {
  std::string known;
  std::string offers;
  for (const auto& place : places) {
    if (!place.path.empty()) known += (known.empty() ? "" : "|") + fmt::format("\"{}\"", place.path);
    fmt::format_to(std::back_inserter(offers), "    \"{}\") words=\"{}\" ;;\n", place.path, words_of(place));
  }
  return fmt::format(
      "_spectacles() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} path=\"\" words=\"\" next i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    next=\"${{path:+$path }}${{COMP_WORDS[i]}}\"\n"
      "    case \"$next\" in\n"
      "    {}) path=$next ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$path\" in\n"
      "{}"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  [[ ${{#COMPREPLY[@]}} -gt 0 || $current == -* ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
      "}}\n"
      "complete -F _spectacles spectacles\n",
      known, offers);
}

std::string render_zsh(const std::vector<Place>& places) {
  return "#compdef spectacles\nautoload -U +X bashcompinit && bashcompinit\n" + render_bash(places);
}

// 'text' for fish, where only ' and \ are special between single quotes.
std::string quote_for_fish(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// Holds where the words so far are those of `place` and no command below it was typed yet.
std::string fish_condition(const Place& place) {
  std::string below;
  for (const auto* command : place.commands) below += " " + command->get_name();
  if (place.path.empty()) return "__fish_use_subcommand";
  std::string condition;
  for (const auto& word : CLI::detail::split(place.path, ' ')) {
    condition += (condition.empty() ? "" : "; and ") + fmt::format("__fish_seen_subcommand_from {}", word);
  }
  if (!below.empty()) condition += fmt::format("; and not __fish_seen_subcommand_from{}", below);
  return condition;
}

std::string render_fish(const std::vector<Place>& places) {
  std::string script;
  for (const auto& place : places) {
    const auto condition = quote_for_fish(fish_condition(place));
    for (const auto* command : place.commands) {
      fmt::format_to(std::back_inserter(script), "complete -c spectacles -n {} -a {} -d {}\n", condition,
                     command->get_name(), quote_for_fish(command->get_description()));
    }
    for (const auto* option : place.options) {
      for (const auto& name : option->get_lnames()) {
        fmt::format_to(std::back_inserter(script), "complete -c spectacles -n {} -l {} -d {}\n", condition, name,
                       quote_for_fish(option->get_description()));
      }
    }
  }
  return script;
}

}  // namespace

std::string render_completion(const CLI::App& parser, Shell shell) {
  const auto places = all_places(parser);
  switch (shell) {
    case Shell::bash:
      return render_bash(places);
    case Shell::zsh:
      return render_zsh(places);
    case Shell::fish:
      return render_fish(places);
  }
  return {};
}

}  // namespace spectacles::app
