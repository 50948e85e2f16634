// The files of the built console as they lie in the program (cmake/EmbedConsole.cmake puts them there).
#pragma once

#include <span>
#include <string_view>

namespace spectacles::web {

struct EmbeddedFile {
  std::string_view path;  // "/index.html", "/_app/immutable/..."
  std::string_view bytes;
};

using EmbeddedFiles = std::span<const EmbeddedFile>;

// Empty when the program was built without the console (SPECTACLES_UI=OFF).
EmbeddedFiles embedded_files();

}  // namespace spectacles::web
