#include "base/csv.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

TEST(Csv, QuotesWhatWouldBreakTheRow) {
  EXPECT_EQ(csv_row({"a", "", "1"}), "a,,1\r\n");
  EXPECT_EQ(csv_row({"a,b", "say \"so\"", "two\r\nlines"}), "\"a,b\",\"say \"\"so\"\"\",\"two\r\nlines\"\r\n");
  EXPECT_EQ(csv_row({"größe 漢字"}), "größe 漢字\r\n");
}

TEST(Csv, DisarmsFormulas) {
  EXPECT_EQ(csv_row({"=1+1", "=cmd|' /C calc'!A0,x"}), "'=1+1,\"'=cmd|' /C calc'!A0,x\"\r\n");
  for (const std::string cell : {"=1",      "+1",      "-1",      "@SUM(A1)", "\t=1",     "\tx",      "\rx",
                                 " =1",     "\n=1",    "\x01=1",  "\u00a0=1", "\ufeff=1", "\u3000@x", "\u200b+1",
                                 "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x",  "\u22121",  " \t\r\n=1"}) {
    EXPECT_TRUE(is_formula(cell)) << cell;
  }
}

TEST(Csv, LeavesAloneWhatIsNone) {
  for (const std::string cell :
       {"", " ", "a=1", "1-1", "x@y", "'=1", "\"=1\"", "team/app", "漢=1", "\u00e9=1", ".=1"}) {
    EXPECT_FALSE(is_formula(cell)) << cell;
  }
}

}  // namespace
}  // namespace spectacles
