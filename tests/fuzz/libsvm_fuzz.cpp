// SPDX-License-Identifier: MIT
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/temp_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nabla;
  fuzz::try_source(DataSource::kLibsvm, fuzz::text_of(data, size), 3);
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  const std::string classes = "+1 1:0.5 3:-1e-3 # comment\n-1 2:4\n\n+1 1:1 2:2 3:3\n";
  return {classes, gzip(classes), "0.5 1:1\r\n1.5\r\n-2e1 3:1e300\r\n", "1\n2 2:1\n"};
}
