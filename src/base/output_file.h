// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/file.h"

namespace nabla {

/// Throws ConfigError unless a command can write to the file: its folder must be there, and it must
/// be none. `argument`: how the command line calls it.
void require_output_file(const std::filesystem::path& path, const std::string& argument);

/// A file that somebody has named for what a command writes. Devices, pipes and the targets of
/// links are written to as the text arrives; a link is not replaced, as /dev/stdout is one. Other
/// files appear as a whole or not at all. Throws std::system_error naming the path.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& path);

  void append(std::string_view text);
  /// Nothing may be appended afterwards.
  void commit();

 private:
  std::filesystem::path path_;
  std::optional<FileReplacement> replacement_;
  Descriptor stream_;
};

/// Writes all of the text to the file.
void write_output(const std::filesystem::path& path, std::string_view text);

}  // namespace nabla
