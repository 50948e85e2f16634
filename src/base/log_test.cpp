#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

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

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class StartedLog : public ::testing::Test {
 protected:
  StartedLog() { fs::create_directories(folder_); }
  ~StartedLog() override {
    stop();
    fs::remove_all(folder_);
  }

  const fs::path folder_ = fs::path(::testing::TempDir()) / ("log_test." + std::to_string(::getpid()));
  const fs::path file_ = folder_ / "test.log";
};

TEST_F(StartedLog, WritesTextALine) {
  start({.file = file_});
  info("told", {{"user", "a b"}, {"count", 3}});
  debug("not told");
  stop();
  EXPECT_THAT(read(file_), ::testing::MatchesRegex("[0-9T:.-]+Z info told user=\"a b\" count=3\n"));
}

TEST_F(StartedLog, WritesJsonALine) {
  start({.file = file_, .format = Format::json, .with_debug = true});
  debug("told", {{"user", "a\"\n\xff\xc3\xbc"}, {"count", -3}});
  stop();
  EXPECT_THAT(read(file_),
              ::testing::MatchesRegex("[{]\"time\":\"[0-9T:.-]+Z\",\"level\":\"debug\",\"message\":\"told\","
                                      "\"user\":\"a..\\\\u000a\\\\ufffd\xc3\xbc\",\"count\":-3[}]\n"));
}

TEST_F(StartedLog, OpensTheFileAnewAfterItWasMoved) {
  start({.file = file_});
  info("first");
  stop();
  start({.file = file_});
  fs::rename(file_, folder_ / "moved.log");
  reopen();
  info("second");
  stop();
  EXPECT_THAT(read(folder_ / "moved.log"), ::testing::HasSubstr("first"));
  EXPECT_THAT(read(file_), ::testing::HasSubstr("second"));
}

// The outlet hangs until it is let go; who logs does not wait, and what does not fit in the queue is counted.
TEST_F(StartedLog, NeverWaitsForAnOutlet) {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_go = false;
  int severity = 0;
  start({.outlet = [&](const Line& line) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return may_go; });
    severity = line.severity;
  }});
  for (int i = 0; i < 5000; ++i) warn("told");
  EXPECT_GT(dropped(), 0U);
  {
    const std::lock_guard lock(mutex);
    may_go = true;
  }
  changed.notify_all();
  stop();
  EXPECT_EQ(severity, 4);
}

}  // namespace
}  // namespace spectacles::log
