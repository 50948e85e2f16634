#pragma once

#include <filesystem>

namespace spectacles::app {

// Makes the folder, for its owner alone, unless it is there. Throws std::runtime_error that says whose it is and what
// to do when this process cannot write in it, as with a volume of another owner.
void prepare_data_folder(const std::filesystem::path& folder);

}  // namespace spectacles::app
