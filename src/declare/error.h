// What is wrong with a file, said so that it can be found and put right.
#pragma once

#include <string>
#include <vector>

namespace spectacles::declare {

struct Place {
  std::string path;  // "users[0].role"; empty: the file as a whole
  int line = 0;      // counted from 1; 0: none in particular

  bool operator==(const Place&) const = default;
};

struct Error {
  Place place;
  std::string text;  // never holds a password

  bool operator==(const Error&) const = default;
};

using Errors = std::vector<Error>;

// "users[0].role: a role is user, auditor or admin (line 7)"
std::string render_error(const Error& error);

}  // namespace spectacles::declare
