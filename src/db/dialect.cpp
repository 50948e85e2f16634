#include "db/dialect.h"

#include <fmt/format.h>

#include "db/sql_text.h"

namespace spectacles::db {

std::string Dialect::merge(std::string_view key, std::string_view set) const {
  return fmt::format(" ON CONFLICT ({}) DO UPDATE SET {}", key, replace_new(set, "excluded.", ""));
}

}  // namespace spectacles::db
