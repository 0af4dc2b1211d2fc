// SPDX-License-Identifier: MIT
//
// Tests that tables that are cut off or changed at random are read, or refused with an error that
// names a place.
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/random.h"

#include "data/csv.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

Dataset parse(std::string_view text, const CsvOptions& options = {}) {
  return parse_csv(text, "t.csv", options);
}

TEST(CsvHostile, EveryTruncationParsesOrIsRefused) {
  const std::string text =
      "\xef\xbb\xbf"
      "name,\"x \"\"y\"\"\r\n\",kind\r\n1.5e-3,+2,\"a,b\"\r\n\r\n-4,5.25,c\r\n";
  const TempFolder folder;
  const std::string packed = gzip(text);
  std::size_t parsed = 0;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    // The buffer has exactly this size, so that a sanitizer notices a read beyond it.
    const std::vector<char> cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    try {
      parse({cut.data(), cut.size()});
      ++parsed;
    } catch (const DataError&) {
    }
  }
  EXPECT_GE(parsed, 5U);
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const auto path = folder.write("cut.csv.gz", packed.substr(0, size));
    EXPECT_THROW(read_csv(path, {}), DataError) << size;
  }
  EXPECT_EQ(read_csv(folder.write("whole.csv.gz", packed), {}).rows(), 2U);
}

TEST(CsvHostile, RandomChangesParseOrAreRefused) {
  const std::string text =
      "id,color,w,\"y\"\n1,red,0.5,a\n2,\"bl\"\"ue\",1,b\r\n3,red,2,\"a\"\n4,7,1e-3,b\n";
  CsvOptions options;
  options.targets = {"y"};
  options.weights = "w";
  options.one_hot = {"color"};
  ASSERT_EQ(parse(text, options).inputs(), 4U);
  constexpr std::string_view kBytes = ",;\t\"\n\r 0.-+eanNA?\xef\xff";
  Random random(7);
  std::size_t parsed = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    std::string changed = text;
    for (std::uint64_t n = random.below(4) + 1; n > 0; --n) {
      const std::size_t at = random.below(changed.size());
      switch (random.below(3)) {
        case 0:
          changed[at] = kBytes[random.below(kBytes.size())];
          break;
        case 1:
          changed.erase(at, random.below(8));
          break;
        default:
          changed.insert(at, changed.substr(random.below(changed.size()), 9));
      }
    }
    const std::vector<char> exact(changed.begin(), changed.end());
    try {
      const Dataset dataset = parse({exact.data(), exact.size()}, options);
      EXPECT_EQ(dataset.weights.size(), dataset.rows());
      EXPECT_EQ(dataset.one_hot.inputs(dataset.columns.features().size()), dataset.inputs());
      ++parsed;
    } catch (const DataError& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with("t.csv")) << error.what();
    } catch (const ConfigError& error) {  // a column is no longer there
      EXPECT_TRUE(std::string_view(error.what()).starts_with("data.")) << error.what();
    }
  }
  EXPECT_GT(parsed, 100U);
}

TEST(CsvHostile, EveryReplacedByteParsesOrIsRefused) {
  const std::string text = "a,b,c\n1,\"2\",x\n3,4,\"y\"\n";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int byte = 0; byte < 256; ++byte) {
      std::vector<char> changed(text.begin(), text.end());
      changed[i] = static_cast<char>(byte);
      try {
        const Dataset dataset = parse({changed.data(), changed.size()});
        for (const std::uint32_t label : dataset.labels) EXPECT_LT(label, dataset.classes.size());
      } catch (const DataError& error) {
        EXPECT_TRUE(std::string_view(error.what()).starts_with("t.csv:")) << error.what();
      }
    }
  }
}

}  // namespace
}  // namespace nabla
