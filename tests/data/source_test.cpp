// SPDX-License-Identifier: MIT
#include "data/source.h"

#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace nabla {
namespace {

std::optional<DataSource> recognise(const std::string& file, std::string_view start = {}) {
  return recognise_source(file, std::as_bytes(std::span(start)));
}

TEST(DataSources, EachHasARowWithANameThatParsesBackAndAReader) {
  std::set<std::string_view> names;
  for (const DataSource source : all_data_sources()) {
    const DataSourceTraits& traits = traits_of(source);
    EXPECT_EQ(traits.kind, source);
    EXPECT_EQ(parse_data_source(name_of(source)), source);
    EXPECT_TRUE(names.insert(name_of(source)).second) << name_of(source);
    EXPECT_NE(traits.read, nullptr) << traits.name;
    EXPECT_EQ(traits.read_features != nullptr, traits.has_files() && !traits.has_columns)
        << traits.name;
  }
  for (const auto source :
       {DataSource::kDigits, DataSource::kIdx, DataSource::kCsv, DataSource::kNpz, DataSource::kPkl,
        DataSource::kCifar10, DataSource::kLibsvm})
    EXPECT_TRUE(names.contains(name_of(source)));
  EXPECT_EQ(parse_data_source("CSV"), std::nullopt);
}

TEST(DataSources, NoEndingStandsForTwo) {
  std::set<std::string_view> endings;
  for (const DataSource source : all_data_sources())
    for (const std::string_view ending : traits_of(source).endings) {
      if (ending.empty()) continue;
      EXPECT_EQ(ending.front(), '.');
      EXPECT_TRUE(endings.insert(ending).second) << ending;
      EXPECT_EQ(recognise("a" + std::string(ending)), source);
      EXPECT_EQ(recognise("a" + std::string(ending) + ".gz"), source);
    }
}

TEST(DataSources, FilesAreKnownByContentBeforeTheirEnding) {
  using namespace std::string_view_literals;
  EXPECT_EQ(recognise("a.csv", "\0\0\x08\x03"sv), DataSource::kIdx);
  EXPECT_EQ(recognise("a.csv", "PK\3\4"sv), DataSource::kNpz);
  EXPECT_EQ(recognise("a", "\x93NUMPY\1\0"sv), DataSource::kNpz);
  EXPECT_EQ(recognise("a.csv", "1,2"sv), DataSource::kCsv);
  EXPECT_EQ(recognise("a", "1,2"sv), std::nullopt);
  EXPECT_EQ(recognise("csv"), std::nullopt);
}

TEST(DataSources, ErrorsNameThoseWithFiles) {
  EXPECT_EQ(file_source_names(), "idx, csv, npz, pkl, cifar10 or libsvm");
}

}  // namespace
}  // namespace nabla
