// What should be, given what is and what a file says.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/secret.h"
#include "declare/document.h"
#include "declare/world.h"

namespace spectacles::declare {

enum class Prune { no, yes };

// The hash that a user with this password should have, given the one that is stored: the stored one when the password
// verifies against it, else a new one.
using HashOf =
    std::function<std::string(const UserName& user, const Secret& password, const std::optional<std::string>& stored)>;

// The world that `document` asks for. Objects that it names are created or changed; with pruning, objects of the kinds
// that it lists are removed when they are not in the list. Appends what cannot be done to `errors`: names that stand
// for nothing, missing keys of new objects, what must be unique and is not, a namespace left without owner or registry,
// and an end of all active administrators. With errors the result is of no use.
World want(const World& now, const Document& document, Prune prune, const HashOf& hash_of, Errors& errors);

}  // namespace spectacles::declare
