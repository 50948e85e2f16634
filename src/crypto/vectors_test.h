// The files of tests/vectors, for the tests of this room.
#pragma once

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace spectacles::crypto {

inline boost::json::object load_vectors(const std::string& name) {
  std::ifstream file(std::string(SPECTACLES_SOURCE_DIR "/tests/vectors/") + name);
  if (!file) throw std::runtime_error("cannot open tests/vectors/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str()).as_object();
}

inline std::string text_of(const boost::json::value& value) {
  return std::string(value.as_string());
}

}  // namespace spectacles::crypto
