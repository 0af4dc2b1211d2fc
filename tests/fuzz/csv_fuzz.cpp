// SPDX-License-Identifier: MIT
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/temp_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nabla;
  fuzz::try_source(DataSource::kCsv, fuzz::text_of(data, size), 3);
  const fuzz::InputFile file(fuzz::text_of(data, size));
  DataOptions options;
  options.source = DataSource::kCsv;
  // The same file holds the test rows, and columns are chosen by name and index.
  options.train = options.test = {file.path()};
  options.csv.format.header = CsvHeader::kYes;
  options.csv.targets = {"class"};
  options.csv.weights = "0";
  options.validation = 1;
  fuzz::try_load(options);
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  const std::string classes = "1,2.5,-3e-2,a\n0.25,1e3,7,b\n-1,+4,.5,a\n";
  return {classes, gzip(classes),
          "x;y;weight;class\n1;2;1;\"a \"\"quoted\"\" name\"\n3;4;0.5;\"b\nc\"\n\n5;6;2;\" a \"\n",
          "weight\tx\tclass\r\n1\t2\t0.5\r\n1\t4\t1.5\r\n",
          "\xEF\xBB\xBF"
          "0,0,0,1\n1,1,1,2\n"};
}
