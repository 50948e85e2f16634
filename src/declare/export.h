// A database as the file that would make it.
#pragma once

#include <string>

#include "db/database.h"
#include "declare/world.h"

namespace spectacles::declare {

// YAML with every key of every object, passwords as password_hash, all in the order of their names. Applying it to the
// same database changes nothing; applying it to an empty one and exporting that gives the same bytes.
std::string render_yaml(const World& world);

// The same of a whole database. Throws db::Error.
std::string export_yaml(db::Database& database);

}  // namespace spectacles::declare
