// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace nabla {
namespace {

TEST(Utf8, EndsOfEveryLengthAreAccepted) {
  for (const char* text : {"", "a\x7f", "\xc2\x80\xdf\xbf", "\xe0\xa0\x80\xef\xbf\xbf",
                           "\xed\x9f\xbf\xee\x80\x80", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, IllFormedTextIsRefused) {
  for (const char* text :
       {"\x80", "a\xff", "Z\xfcrich", "\xc2", "\xc1\xbf", "\xe0\x9f\xbf", "\xe2\x82", "\xe2\x82z",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf0\x9f\x98"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

TEST(Utf8, PrintableTextIsOneLineOfWholeCharacters) {
  EXPECT_EQ(printable("a\x1b[2J\n\x7f", 40), "a?[2J??");
  EXPECT_EQ(printable("\x9b"
                      "2J \xc2\x9b"
                      "2J \xe2\x80\xa8",
                      40),
            "?2J ?2J ?");
  EXPECT_EQ(printable("M\xfcller \xe2\x82", 40), "M?ller ??");
  EXPECT_EQ(printable("\xc3\xa9t\xc3\xa9", 40), "\xc3\xa9t\xc3\xa9");
  EXPECT_EQ(printable("\xc3\xa9t\xc3\xa9", 5), "\xc3\xa9t\xc3\xa9");
  EXPECT_EQ(printable("\xc3\xa9t\xc3\xa9", 4), "\xc3\xa9t...");
}

TEST(Utf8, PrintableTextNamesWhatCannotBeSeen) {
  EXPECT_EQ(in_quotes("\u00a03"), "'<no-break space>3'");
  EXPECT_EQ(in_quotes("\ufeffa\u200bb"), "'<byte order mark>a<zero-width space>b'");
}

TEST(Nearest, CountsInsertionsDeletionsAndReplacements) {
  const std::vector<std::string> words = {"momentum", "nesterov", "adam", "adamw", "sgd"};
  EXPECT_EQ(nearest("momentun", words), "momentum");
  EXPECT_EQ(nearest("adaw", words), "adam");  // as near as adamw, and named first
  EXPECT_EQ(nearest("adammw", words), "adamw");
  EXPECT_EQ(nearest("smg", std::vector<std::string>{"sgm"}), "sgm");  // a swap counts one
  EXPECT_EQ(nearest("s", words), "");                                 // two of three letters
  EXPECT_EQ(nearest("completely-else", words), "");
  EXPECT_EQ(did_you_mean("momentun", words), "; did you mean momentum?");
  EXPECT_EQ(did_you_mean("s", words), "");
  EXPECT_EQ(nearest("ngesterov", words), "nesterov");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Text, DurationsHaveThreeDigitsAndTheirUnit) {
  EXPECT_EQ(duration_text(0.00421), "4.21 ms");
  EXPECT_EQ(duration_text(0.9999), "1 s");
  EXPECT_EQ(duration_text(1.634), "1.63 s");
  EXPECT_EQ(duration_text(59.96), "1 min 0 s");
  EXPECT_EQ(duration_text(725), "12 min 5 s");
  EXPECT_EQ(duration_text(7380), "2 h 3 min");
  EXPECT_EQ(duration_text(HUGE_VAL), "?");
}

}  // namespace
}  // namespace nabla
