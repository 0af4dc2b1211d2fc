// SPDX-License-Identifier: MIT
#include "fuzz/check.h"
#include "fuzz/target.h"
#include "support/files.h"
#include "support/numpy_bytes.h"
#include "support/places.h"
#include "support/temp_folder.h"

namespace {

using namespace std::string_literals;

/// Returns an array in protocol 2; `shape` holds the instructions that make its tuple.
std::string array(const std::string& type, const std::string& shape, const std::string& elements) {
  return "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R(K\1"s + shape +
         "cnumpy\ndtype\nU\2"s + type + "K\0K\1\x87R(K\3U\1<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff" +
         "K\0tb\x89U"s + static_cast<char>(elements.size()) + elements + "tb";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nabla;
  fuzz::try_source(DataSource::kPkl, fuzz::text_of(data, size), 3);
  const fuzz::InputFile file(fuzz::text_of(data, size));
  DataOptions options;
  options.source = DataSource::kPkl;
  options.train = {file.path()};
  options.validation = 0.5;
  fuzz::try_load(options);
  return 0;
}

std::vector<std::string> nabla::fuzz::seeds() {
  using namespace nabla::testing_support;
  const std::string pair = array("f4", "K\2K\3\x86", bytes_of<float>({1, 2, 3, 4, 5, 6})) +
                           array("i8", "K\2\x85", bytes_of<std::int64_t>({0, 1})) + "\x86";
  std::vector<std::string> all = {"\x80\2" + pair + pair + pair + "\x87.",
                                  "\x80\2" + pair + pair + "\x86.", "\x80\2" + pair + ".",
                                  gzip("\x80\2" + pair + pair + "\x86.")};
  for (const char protocol : {'0', '1', '2', '3', '4', '5'}) {
    const std::string name = std::string("tests/data/pickles/protocol") + protocol + ".pkl";
    all.push_back(read_text(source_folder() / name));
  }
  return all;
}
