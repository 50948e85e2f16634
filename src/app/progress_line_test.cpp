#include "app/progress_line.h"

#include <gtest/gtest.h>

namespace spectacles::app {
namespace {

TEST(ProgressLine, ShowsHowFarAPassIs) {
  EXPECT_EQ(render_bar({"repositories", 48, 12, 300, 7}),
            "[######..................] 12 of 48 repositories, 300 tags, 7 new manifests");
  EXPECT_EQ(render_bar({"repositories", 0, 0, 0, 0}),
            "[........................] 0 of 0 repositories, 0 tags, 0 new manifests");
  EXPECT_EQ(render_bar({"repositories", 3, 3, 9, 9}).substr(0, 26), "[########################]");
  EXPECT_EQ(render_bar({"details", 48, 48, 300, 40, 40, 20}), "[############............] 20 of 40 configurations");
  EXPECT_EQ(render_bar({"catalog", 0, 0, 0, 0}), "reading the list of repositories");
}

}  // namespace
}  // namespace spectacles::app
