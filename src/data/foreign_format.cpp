// SPDX-License-Identifier: MIT
#include "data/foreign_format.h"

#include <algorithm>
#include <array>

#include "nabla/base/error.h"

namespace nabla {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kZip = "PK\3\4";

struct Magic {
  std::string_view bytes;
  ForeignFormat format;
};

constexpr ForeignFormat kWorkbook = {"an Excel workbook (.xlsx)", "save its sheet as CSV"};
constexpr ForeignFormat kSpreadsheet = {"an OpenDocument spreadsheet (.ods)",
                                        "save its sheet as CSV"};

constexpr Magic kMagics[] = {
    {kZip, {"a zip archive", "unpack it with unzip"}},
    {"BZh"sv, {"a bzip2 stream", "unpack it with bunzip2"}},
    {"\x28\xB5\x2F\xFD"sv, {"a zstd stream", "unpack it with unzstd"}},
    {"\xFD"
     "7zXZ\0"sv,
     {"an xz stream", "unpack it with unxz"}},
    {"7z\xBC\xAF\x27\x1C"sv, {"a 7z archive", "unpack it with 7z x"}},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, {"an Excel workbook (.xls)", "save its sheet as CSV"}},
};

/// Returns whether "BZh" goes on as bzip2 does: with the size of its blocks and π.
bool is_bzip2(std::string_view text) {
  constexpr std::string_view kPi = "\x31\x41\x59\x26\x53\x59";
  return text.size() > 3 && text[3] >= '1' && text[3] <= '9' && text.substr(4).starts_with(kPi);
}

/// Returns what the first file in a zip archive tells, which is of the office program.
std::optional<ForeignFormat> recognise_office(std::string_view zip) {
  constexpr std::size_t kName = 30;  // the offset of the first file's name
  constexpr std::array kParts = {"[Content_Types].xml"sv, "_rels/"sv, "docProps/"sv, "xl/"sv};
  const std::string_view first = zip.substr(std::min(kName, zip.size()));
  if (std::ranges::any_of(kParts, [&](std::string_view part) { return first.starts_with(part); }))
    return kWorkbook;
  if (first.starts_with("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"))
    return kSpreadsheet;
  return std::nullopt;
}

}  // namespace

std::optional<ForeignFormat> recognise_foreign(std::span<const std::byte> start) {
  const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
  if (text.starts_with(kZip))
    if (const auto office = recognise_office(text)) return office;
  for (const Magic& magic : kMagics)
    if (text.starts_with(magic.bytes) && (magic.bytes != "BZh" || is_bzip2(text)))
      return magic.format;
  return std::nullopt;
}

void refuse_foreign(std::span<const std::byte> start, const std::string& name) {
  if (const auto format = recognise_foreign(start))
    throw DataError(name + ": found " + std::string(format->name) +
                    "; expected a file of data, plain or compressed with gzip (" +
                    std::string(format->remedy) + ")");
}

}  // namespace nabla
