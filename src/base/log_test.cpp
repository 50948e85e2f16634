#include "base/log.h"

#include <gtest/gtest.h>

namespace spectacles::log {
namespace {

TEST(RenderValue, ShowsPlainTextBare) {
  for (const char* plain : {"alice", "team/tools-1.2_x", "sha256:0f", "a,b", "[::1]:5050", "J\xc3\xbcrgen", "'"}) {
    EXPECT_EQ(render_value(plain), plain);
  }
}

TEST(RenderValue, QuotesWhatCouldBeMistaken) {
  EXPECT_EQ(render_value(""), R"("")");
  EXPECT_EQ(render_value("a b"), R"("a b")");
  EXPECT_EQ(render_value("x granted=pull"), R"("x granted=pull")");
  EXPECT_EQ(render_value("a=b"), R"("a=b")");
  EXPECT_EQ(render_value(R"(say "x")"), R"("say \"x\"")");
  EXPECT_EQ(render_value(R"(a\nb)"), R"("a\\nb")");
}

TEST(RenderValue, KeepsOneEventOnOneLine) {
  EXPECT_EQ(render_value("a\nb"), R"("a\nb")");
  EXPECT_EQ(render_value("a\r\nb"), R"("a\x0d\nb")");
  EXPECT_EQ(render_value(std::string("a\0b", 3)), R"("a\x00b")");
  EXPECT_EQ(render_value("\x7f"), R"("\x7f")");
  EXPECT_EQ(render_value("\xe2\x80\xa8"), R"("\xe2\x80\xa8")");  // line separator
}

TEST(RenderValue, DoesNotTalkToTheTerminal) {
  EXPECT_EQ(render_value("\x1b[2J"), R"("\x1b[2J")");
  EXPECT_EQ(render_value("\xc2\x9b"
                         "2J"),
            R"("\xc2\x9b2J")");                                  // CSI as one C1 control
  EXPECT_EQ(render_value("\xe2\x80\xae"), R"("\xe2\x80\xae")");  // right-to-left override
}

TEST(RenderValue, EscapesWhatIsNoUtf8) {
  EXPECT_EQ(render_value("a\xff"), R"("a\xff")");
  EXPECT_EQ(render_value("\xc3"), R"("\xc3")");
  EXPECT_EQ(render_value("\xc3\xbc\xc3 \xc3\xbc"), "\"\xc3\xbc\\xc3 \xc3\xbc\"");
}

TEST(Field, PointsToTextsAndKeepsNumbers) {
  EXPECT_EQ(Field("key", 42).number, 42);
  EXPECT_EQ(Field("key", -1L).number, -1);
  const std::string text = "text";
  EXPECT_EQ(Field("key", text).text.data(), text.data());
  EXPECT_EQ(Field("key", "text").text, "text");
}

}  // namespace
}  // namespace spectacles::log
