// Many rows of one table in few statements: a way to the server and back for each row costs more than the row.
//
//   std::vector<InsertedRow> rows;
//   for (const auto& member : members) rows.push_back(row(group, member));
//   insert_rows(session, "user_group_member (group_id, account_id)", rows);
#pragma once

#include <string_view>
#include <vector>

#include "db/session.h"

namespace spectacles::db {

using InsertedRow = std::vector<Value>;

template <class... Values>
InsertedRow row(const Values&... values) {
  return {to_value(values)...};
}

// `into` names the table and its columns, and comes from the program; each row has a value for each column. Throws
// db::Error.
void insert_rows(Session& session, std::string_view into, const std::vector<InsertedRow>& rows);

}  // namespace spectacles::db
