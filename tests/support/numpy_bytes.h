// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zip.h>

namespace nabla::testing_support {

/// Returns the bytes of the numbers, one after the other.
template <class T>
std::string bytes_of(const std::vector<T>& numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  if (!bytes.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// Returns an NPY file with that text as its header.
inline std::string npy_with_header(std::string header, std::string_view elements,
                                   char version = 1) {
  const std::size_t start = version == 1 ? 10 : 12;
  header.resize((header.size() + 1 + start + 63) / 64 * 64 - start, ' ');
  header.back() = '\n';
  std::string file = "\x93NUMPY";
  file += {version, 0};
  for (std::size_t i = 0; i < start - 8; ++i)
    file += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + std::string(elements);
}

/// Returns `shape` as Python writes it: "(2, 3)".
inline std::string npy(const std::string& type, const std::string& shape, std::string_view elements,
                       bool fortran_order = false) {
  return npy_with_header("{'descr': '" + type + "', 'fortran_order': " +
                             (fortran_order ? "True" : "False") + ", 'shape': " + shape + ", }",
                         elements);
}

using ZipMembers = std::vector<std::pair<std::string, std::string>>;

/// Writes a zip archive of these names and contents.
inline std::filesystem::path write_zip(const std::filesystem::path& path, const ZipMembers& members,
                                       zip_int32_t method = ZIP_CM_DEFLATE) {
  std::filesystem::remove(path);
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_EXCL, nullptr);
  if (archive == nullptr) throw std::runtime_error("zip_open failed");
  for (const auto& [name, content] : members) {
    zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, 0);
    if (index < 0) throw std::runtime_error("zip_file_add failed");
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
  }
  if (zip_close(archive) != 0) throw std::runtime_error("zip_close failed");
  return path;
}

}  // namespace nabla::testing_support
