// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace nabla {

/// The content of a file, read-only. A value; copies share the bytes, which stay as long as any
/// copy of `owner` does.
struct FileBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
  bool is_mapped = false;  ///< else the bytes are in memory
};

/// The content of a file, in a memory mapping if that is possible: pages are read when they are
/// touched and the system may drop them again, so that a file may be larger than memory. A gzip
/// stream, recognised from its first two bytes, is decompressed into memory, and what cannot be
/// mapped (a pipe, for instance) is read as read_file does. Throws as read_file does; the limits on
/// size are for content in memory only.
///
/// The file must keep its size and content while it is mapped. Changed bytes may or may not be
/// seen; if the file has become shorter, reading behind its end ends the program (SIGBUS), which
/// nothing here can prevent. Replacing the file by renaming another one to its name is harmless.
FileBytes map_file(const std::filesystem::path& path);

}  // namespace nabla
