// Repositories and tags by parts of their names. Takes the session of the caller and throws db::Error.
#pragma once

#include <string>
#include <vector>

#include "base/page.h"
#include "catalog/search.h"
#include "catalog/visible_sql.h"
#include "db/session.h"

namespace spectacles::catalog {

// Where a hit stands: four texts.
inline constexpr std::size_t hit_key_parts = 4;
std::vector<std::string> key_of(const Hit& hit);

namespace rows {

// The hits behind `page.after`, and one more if there are more: first the repositories whose names hold all words, then
// the tags. With a tag among the words these are the tags that begin with it in such repositories, and no repository is
// a hit of its own. Without one, they are the tags that begin with the last word, in repositories whose names hold all
// others. Each kind by the names of the repositories, then of the tags.
std::vector<Hit> search(db::Session& session, const Visible& visible, const SearchWords& words,
                        const PageRequest& page);

}  // namespace rows
}  // namespace spectacles::catalog
