// What the tests of all names share.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spectacles {

// Tricks that no name of the ASCII grammars may let through, put around or into the good name `name`.
inline std::vector<std::string> disguises_of(const std::string& name) {
  std::vector<std::string> texts;
  for (const std::string& extra : {std::string(" "), std::string("\t"), std::string("\n"), std::string("\r"),
                                   std::string(1, '\0'), std::string("\x7f"), std::string("\xc2\xa0"),
                                   std::string("\xe2\x80\x8b"), std::string("\xff"), std::string("\xd0\xb0")}) {
    texts.push_back(name + extra);
    texts.push_back(extra + name);
    texts.push_back(std::string(name).append(extra).append(name));
  }
  for (const char* extra : {"%00", "%2f", "%20", "\\", ";", "'", "\"", "$", "+", "@", "#", "<", "&", "~"}) {
    texts.push_back(std::string(name).append(extra).append(name));
  }
  return texts;
}

template <class Name>
void expect_accepted(const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    const auto name = Name::parse(text);
    ASSERT_TRUE(name) << text << ": " << name.error().text;
    EXPECT_EQ(name->str(), text);
  }
}

template <class Name>
void expect_refused(const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    const auto name = Name::parse(text);
    ASSERT_FALSE(name) << "accepted: " << text;
    EXPECT_EQ(name.error().kind, RefusalKind::invalid) << text;
    EXPECT_FALSE(name.error().text.empty());
  }
}

}  // namespace spectacles
