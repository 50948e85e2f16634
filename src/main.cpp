#include <string>
#include <vector>

#include "app/cli.h"

int main(int argc, char** argv) {
  return spectacles::app::run(std::vector<std::string>(argv + 1, argv + argc), spectacles::app::process_environment());
}
