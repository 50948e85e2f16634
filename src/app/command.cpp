#include "app/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>

namespace spectacles::app {

int complain(std::string_view text, int code) {
  fmt::print(stderr, "spectacles: {}\n", text);
  return code;
}

int complain(const Refusal& refusal) {
  const auto text = refusal.field.empty() ? refusal.text : refusal.field + ": " + refusal.text;
  return complain(text, refusal.kind == RefusalKind::invalid ? wrong_input : failed);
}

void add_output_option(CLI::App& command, std::string& output) {
  output = "text";
  command.add_option("--output", output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void print_json(const boost::json::value& value) {
  fmt::print("{}\n", boost::json::serialize(value));
}

}  // namespace spectacles::app
