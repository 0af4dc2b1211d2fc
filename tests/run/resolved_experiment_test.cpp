// SPDX-License-Identifier: MIT
#include "run/resolved_experiment.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"

#include "support/temp_folder.h"

namespace nabla {
namespace {

/// Returns the options that a training on these files would take.
CsvOptions csv_of(const TempFolder& folder, const std::string& train, const std::string& test) {
  ExperimentOptions options;
  options.data.source = DataSource::kCsv;
  options.data.train = {folder.path() / train};
  if (!test.empty()) options.data.test = {folder.path() / test};
  return resolved(options, load_data(options.data).train).data.csv;
}

TEST(ResolvedExperiment, TellsHowATableIsWrittenAndWhichColumnsAreCategories) {
  const TempFolder folder;
  folder.write("euro.csv", "a;\"b,c\";town;y\n1,5;u;Rome;0\n2,5;v;Bonn;1\n3,5;u;Rome;0\n");
  const CsvOptions euro = csv_of(folder, "euro.csv", "");
  EXPECT_EQ(euro.format,
            (CsvFormat{CsvSeparator::kSemicolon, CsvDecimal::kComma, CsvHeader::kYes}));
  EXPECT_EQ(euro.one_hot, (std::vector<std::string>{"1", "town"})) << "a comma is in no list";
  folder.write("plain.csv", "1,2,0\n3,4,1\n");
  const CsvOptions plain = csv_of(folder, "plain.csv", "");
  EXPECT_EQ(plain.format, (CsvFormat{CsvSeparator::kComma, CsvDecimal::kPoint, CsvHeader::kNo}));
  EXPECT_EQ(plain.one_hot, std::vector<std::string>());
  folder.write("plain.tsv", "5\t2\t1\n");
  EXPECT_EQ(csv_of(folder, "plain.csv", "plain.tsv").format,
            (CsvFormat{CsvSeparator::kAuto, CsvDecimal::kPoint, CsvHeader::kNo}))
      << "the files have different separators";
}

}  // namespace
}  // namespace nabla
