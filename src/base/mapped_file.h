// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace nabla {

/// The content of a file, read-only. A value; copies share the bytes, which live as long as any
/// copy of `owner`.
struct FileBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
  bool is_mapped = false;  ///< else the bytes are in memory
};

/// Returns the content of a file, in a memory mapping if that is possible: the system reads pages
/// when they are touched and may drop them again, so that a file may be larger than memory. A gzip
/// stream, recognised from its first two bytes, is decompressed into memory, and a file that cannot
/// be mapped, such as a pipe, is read as by read_file. Throws as read_file does, whose limit on the
/// size holds for content in memory only.
///
/// The file must keep its size and content while it is mapped. Readers may or may not see changed
/// bytes; if the file has become shorter, reading behind its end ends the program (SIGBUS), which
/// nothing here can prevent. Replacing the file by renaming another one to its name is harmless.
FileBytes map_file(const std::filesystem::path& path);

}  // namespace nabla
