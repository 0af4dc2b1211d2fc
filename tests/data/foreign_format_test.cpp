// SPDX-License-Identifier: MIT
#include "data/foreign_format.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "data/source.h"
#include "support/errors.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace std::string_view_literals;
using testing_support::write_zip;

std::string_view format_of(std::string_view start) {
  const auto format = recognise_foreign(std::as_bytes(std::span(start)));
  return format ? format->name : "";
}

TEST(ForeignFormat, IsKnownByItsFirstBytes) {
  EXPECT_EQ(format_of("PK\3\4 and so on"), "a zip archive");
  EXPECT_EQ(format_of("BZh91AY&SY"), "a bzip2 stream");
  EXPECT_EQ(format_of("\x28\xB5\x2F\xFD"), "a zstd stream");
  EXPECT_EQ(format_of("\xFD\x37zXZ\0"sv), "an xz stream");
  EXPECT_EQ(format_of("7z\xBC\xAF\x27\x1C"), "a 7z archive");
  EXPECT_EQ(format_of("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "an Excel workbook (.xls)");
  const std::string zip = "PK\3\4" + std::string(26, 'x');
  EXPECT_EQ(format_of(zip + "[Content_Types].xml"), "an Excel workbook (.xlsx)");
  EXPECT_EQ(format_of(zip + "docProps/app.xml"), "an Excel workbook (.xlsx)");
  EXPECT_EQ(format_of(zip + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument spreadsheet (.ods)");
  for (const std::string_view other : {"1,2"sv, "BZh,9"sv, "BZh91"sv, "PK\3"sv, "\x1f\x8b"sv, ""sv})
    EXPECT_EQ(format_of(other), "") << other;
}

TEST(ForeignFormat, EverySourceWithFilesNamesIt) {
  const TempFolder folder;
  const auto zip = write_zip(folder.path() / "a.zip", {{"iris.csv", "1,2\n"}});
  const auto bzip2 = folder.write("a.csv.bz2", "BZh91AY&SY" + std::string(100, '\x80'));
  for (const DataSource source : all_data_sources()) {
    const DataSourceTraits& traits = traits_of(source);
    // A pickle may begin with any of these bytes, and its reader says what is wrong with them.
    if (!traits.has_files() || source == DataSource::kPkl) continue;
    DataOptions options;
    options.source = source;
    options.train = {zip};
    if (traits.files == SourceFiles::kPairs) options.train_labels = zip;
    expect_in("a zip archive", error_of<DataError>([&] { load_data(options); }));
    if (source == DataSource::kNpz) continue;
    options.train = {bzip2};
    if (traits.files == SourceFiles::kPairs) options.train_labels = bzip2;
    const std::string message = error_of<DataError>([&] { load_data(options); });
    EXPECT_TRUE(message.starts_with(bzip2.string() + ": ")) << message;
    expect_in("a bzip2 stream", message);
    expect_in("bunzip2", message);
    expect_in("expected", message);
  }
  const std::string_view start = "BZh91AY&SY";
  EXPECT_THROW(recognise_source("rows.csv.bz2", std::as_bytes(std::span(start))), DataError);
}

}  // namespace
}  // namespace nabla
