// SPDX-License-Identifier: MIT
#include "export/npz.h"

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>
#include <zip.h>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"

#include "model/batch_norm.h"
#include "model/npz_parameters.h"

namespace nabla {

namespace {

/// Returns an array of this shape, as Python writes it, as an NPY file of version 1.0 whose
/// elements begin on a 64-byte boundary and are still to be appended. Format: NumPy's documentation
/// of numpy.lib.format.
template <class T>
std::string npy_header(const std::string& shape) {
  constexpr std::size_t kStart = 10, kBoundary = 64;  // bytes before the text; of the elements
  std::string text = std::string("{'descr': '") + (std::is_same_v<T, float> ? "<f4" : "<f8") +
                     "', 'fortran_order': False, 'shape': " + shape + ", }";
  text.append(kBoundary - 1 - (kStart + text.size()) % kBoundary, ' ');
  text += '\n';
  std::string header = "\x93NUMPY";
  header += {1, 0, static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return header + text;
}

template <class T>
void append_elements(std::string& bytes, std::span<const T> elements) {
  bytes.append(reinterpret_cast<const char*>(elements.data()), elements.size_bytes());
}

template <class T>
std::string npy_of(MatrixView<const T> matrix) {
  std::string bytes =
      npy_header<T>("(" + std::to_string(matrix.rows) + ", " + std::to_string(matrix.cols) + ")");
  for (std::size_t row = 0; row < matrix.rows; ++row) append_elements(bytes, matrix.row(row));
  return bytes;
}

template <class T>
std::string npy_of(std::span<const T> array) {
  std::string bytes = npy_header<T>("(" + std::to_string(array.size()) + ",)");
  append_elements(bytes, array);
  return bytes;
}

/// A zip archive that is written into memory. Its members must outlive it.
class ZipWriter {
 public:
  ZipWriter() : source_(zip_source_buffer_create(nullptr, 0, 0, nullptr), zip_source_free) {
    require(source_ != nullptr);
    archive_.reset(zip_open_from_source(source_.get(), ZIP_TRUNCATE, nullptr));
    require(archive_ != nullptr);
    zip_source_keep(source_.get());  // closing the archive gives up one of two claims
  }

  void add(const std::string& name, const std::string& content) {
    constexpr zip_uint16_t kMidnight = 0, kFirstOfJanuary1980 = 0x21;
    zip_source_t* const member =
        zip_source_buffer(archive_.get(), content.data(), content.size(), 0);
    require(member != nullptr);
    const zip_int64_t index = zip_file_add(archive_.get(), name.c_str(), member, 0);
    if (index < 0) zip_source_free(member);
    require(index >= 0);
    const auto place = static_cast<zip_uint64_t>(index);
    require(zip_set_file_compression(archive_.get(), place, ZIP_CM_STORE, 0) == 0);
    require(zip_file_set_dostime(archive_.get(), place, kMidnight, kFirstOfJanuary1980, 0) == 0);
  }

  /// Nothing may be added afterwards.
  std::string finish() {
    require(zip_close(archive_.get()) == 0);
    static_cast<void>(archive_.release());
    zip_stat_t status;
    require(zip_source_stat(source_.get(), &status) == 0);
    require(zip_source_open(source_.get()) == 0);
    std::string bytes(status.size, '\0');
    const zip_int64_t read = zip_source_read(source_.get(), bytes.data(), bytes.size());
    zip_source_close(source_.get());
    require(read == static_cast<zip_int64_t>(bytes.size()));
    return bytes;
  }

 private:
  static void require(bool is_done) {
    if (!is_done) throw Error("libzip: an archive could not be written into memory");
  }

  std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> source_;
  std::unique_ptr<zip_t, void (*)(zip_t*)> archive_{nullptr, zip_discard};
};

}  // namespace

template <class T>
std::string npz_bytes(const Network<T>& network) {
  const Network<T> plain = network.topology().batch_norm() ? fold_batch_norm(network) : network;
  std::vector<std::pair<std::string, std::string>> arrays;
  for (std::size_t i = 0; i < plain.layers(); ++i) {
    arrays.emplace_back(npz_weight(i), npy_of(plain.weight(i)));
    arrays.emplace_back(npz_bias(i), npy_of(plain.bias(i)));
  }
  ZipWriter archive;
  for (const auto& [name, content] : arrays) archive.add(name + ".npy", content);
  return archive.finish();
}

template std::string npz_bytes(const Network<float>&);
template std::string npz_bytes(const Network<double>&);

}  // namespace nabla
