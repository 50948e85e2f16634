#pragma once

#include <string>

#include "app/config.h"
#include "registries/signing_key.h"

namespace spectacles::app {

// Where the console answers.
std::string listen_url(const Config& config);

// The key that registries trust. Makes one where there may be one and is none, and prints the registry settings to
// paste then. Throws with the name of the option when it cannot be read.
registries::SigningKey load_key(const Config& config);

}  // namespace spectacles::app
