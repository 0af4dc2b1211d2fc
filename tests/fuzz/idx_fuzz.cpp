// SPDX-License-Identifier: MIT
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/temp_folder.h"

namespace {

using namespace nabla;

/// Returns the header of an IDX file with dimensions below 256.
std::string header(char type, std::initializer_list<char> dimensions) {
  std::string text = {0, 0, type, static_cast<char>(dimensions.size())};
  for (const char dimension : dimensions) text += {0, 0, 0, dimension};
  return text;
}

const std::string kImages = header(8, {2, 1, 3}) + "abcdef";
const std::string kLabels = header(8, {2}) + std::string("\0\1", 2);

void try_pair(const std::string& features, const std::string& labels) {
  DataOptions options;
  options.source = DataSource::kIdx;
  options.train = {features};
  options.train_labels = labels;
  options.test = {features};
  options.test_labels = labels;
  fuzz::try_load(options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view content = fuzz::text_of(data, size);
  const fuzz::InputFile input(content);
  const fuzz::InputFile images(kImages);
  const fuzz::InputFile labels(kLabels);
  try_pair(input.path(), labels.path());
  try_pair(images.path(), input.path());
  fuzz::try_source(DataSource::kIdx, content, 3);
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  return {kImages,
          kLabels,
          gzip(kImages),
          gzip(kLabels),
          header(9, {2, 3}) + std::string("\xff\1\2\3\4\5", 6),
          header(0xB, {2, 3}) + std::string("\0\1\0\2\0\3\xff\xff\0\5\0\6", 12),
          header(0xC, {2, 1}) + std::string("\0\0\0\1\xff\xff\xff\xff", 8),
          header(0xD, {2, 1}) + std::string("\x3f\x80\0\0\xc0\0\0\0", 8),
          header(0xE, {2, 1}) + std::string("\x3f\xf0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0", 16)};
}
