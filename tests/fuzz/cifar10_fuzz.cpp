// SPDX-License-Identifier: MIT
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/temp_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nabla;
  fuzz::try_source(DataSource::kCifar10, fuzz::text_of(data, size), 3072);
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  const std::string record = '\3' + std::string(3072, '\x40');
  return {record, '\0' + std::string(3072, '\xff') + record, gzip(record + record)};
}
