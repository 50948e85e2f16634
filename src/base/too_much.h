// Marks what something outside of the program gave up on because it took too long: less at once may work.
#pragma once

#include "base/unavailable.h"

namespace spectacles {

class TooMuch : public Unavailable {};

}  // namespace spectacles
