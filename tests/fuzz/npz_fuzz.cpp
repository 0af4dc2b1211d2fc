// SPDX-License-Identifier: MIT
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/files.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nabla;
  fuzz::try_source(DataSource::kNpz, fuzz::text_of(data, size), 3);
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  using namespace nabla::testing_support;
  const std::string x = npy("<f4", "(2, 3)", bytes_of<float>({1, 2, 3, 4, 5, 6}));
  const std::string y = npy("|u1", "(2,)", bytes_of<std::uint8_t>({0, 1}));
  const ZipMembers members = {{"x_train.npy", x},
                              {"y_train.npy", y},
                              {"x_test.npy", npy(">i2", "(2, 1, 3)", std::string(12, '\1'))},
                              {"y_test.npy", npy("<i8", "(2,)", std::string(16, '\0'))}};
  const TempFolder folder;
  const auto zip = [&](zip_int32_t method) {
    return read_text(write_zip(folder.path() / "a.npz", members, method));
  };
  const std::string sparse =
      read_text(write_zip(folder.path() / "s.npz",
                          {{"format.npy", npy("|S3", "()", "csr")},
                           {"shape.npy", npy("<i8", "(2,)", bytes_of<std::int64_t>({2, 3}))},
                           {"data.npy", npy("<f8", "(3,)", bytes_of<double>({1, 2, 3}))},
                           {"indices.npy", npy("<i4", "(3,)", bytes_of<std::int32_t>({2, 0, 0}))},
                           {"indptr.npy", npy("<i4", "(3,)", bytes_of<std::int32_t>({0, 1, 3}))}},
                          ZIP_CM_STORE));
  return {zip(ZIP_CM_STORE), zip(ZIP_CM_DEFLATE), x, sparse,
          npy("<f8", "(2, 3)", bytes_of<double>({1, 2, 3, 4, 5, 6}), true)};
}
