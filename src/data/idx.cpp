// SPDX-License-Identifier: MIT
#include "data/idx.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/file.h"
#include "base/mapped_file.h"
#include "base/stored_number.h"
#include "data/foreign_format.h"
#include "data/row_targets.h"
#include "data/source.h"

namespace nabla {

namespace {

/// The third byte of the file: the type of its elements.
enum IdxType : std::uint8_t {
  kU8 = 0x08,
  kI8 = 0x09,
  kI16 = 0x0b,
  kI32 = 0x0c,
  kF32 = 0x0d,
  kF64 = 0x0e,
};

/// Returns the bytes of one element; 0 for a type the format does not have.
std::size_t element_size(std::uint8_t type) {
  switch (type) {
    case kU8:
    case kI8:
      return 1;
    case kI16:
      return 2;
    case kI32:
    case kF32:
      return 4;
    case kF64:
      return 8;
    default:
      return 0;
  }
}

/// A whole file. Offsets are those of the content after decompression.
struct IdxFile {
  std::string name;
  std::span<const std::byte> content;
  std::shared_ptr<const void> owner;  ///< keeps the content
  bool is_mapped = false;
  std::uint8_t type = 0;
  std::vector<std::size_t> dimensions;
  /// Returns the offset of the first element.
  std::size_t start = 0;

  /// Returns the elements per row: the product of all dimensions but the first.
  std::size_t row_size() const {
    std::size_t size = 1;
    for (std::size_t i = 1; i < dimensions.size(); ++i) size *= dimensions[i];
    return size;
  }

  [[noreturn]] void fail(std::size_t offset, const std::string& message) const {
    throw DataError(name + ": byte " + std::to_string(offset) + ": " + message);
  }
};

std::string hexadecimal(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    if (!text.empty()) text += ' ';
    text += kDigits[std::to_integer<unsigned>(byte >> 4)];
    text += kDigits[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return text;
}

/// Guesses the format of a file that is not IDX, of 4 bytes or more, and returns the end of a
/// sentence on it; empty if there is no guess.
std::string guess_format(std::span<const std::byte> content) {
  if (const auto foreign = recognise_foreign(content))
    return ", " + std::string(foreign->name) + " (" + std::string(foreign->remedy) + ")";
  const std::string_view text(reinterpret_cast<const char*>(content.data()), 4);
  if (text.starts_with("\x93NUM")) return ", a NumPy array";
  if (text.starts_with("\x1f\x8b")) return ", a gzip stream compressed twice";
  if (text.starts_with("\x80") && text[1] >= 2 && text[1] <= 5) return ", a Python pickle";
  const auto is_printable = [](char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
  };
  if (std::ranges::all_of(text, is_printable)) return ", text (CSV?)";
  return "";
}

void parse_header(IdxFile& file) {
  const std::span<const std::byte> content = file.content;
  if (content.size() < 4)
    file.fail(content.size(), "the file ends; expected a magic number of 4 bytes");
  const auto magic = content.first<4>();
  file.type = std::to_integer<std::uint8_t>(magic[2]);
  const std::size_t dimension_count = std::to_integer<std::size_t>(magic[3]);
  if (magic[0] != std::byte{0} || magic[1] != std::byte{0} || element_size(file.type) == 0)
    file.fail(0, "not an IDX file: found " + hexadecimal(magic) + guess_format(content) +
                     "; expected 00 00, the element type (08, 09, 0b, 0c, 0d or 0e) and the "
                     "number of dimensions");
  if (dimension_count == 0) file.fail(3, "no dimensions; expected 1 or more");
  file.start = 4 + 4 * dimension_count;
  if (content.size() < file.start)
    file.fail(content.size(), "the file ends within its header; expected " +
                                  std::to_string(file.start) + " bytes for " +
                                  std::to_string(dimension_count) + " dimensions");
  for (std::size_t offset = 4; offset < file.start; offset += 4) {
    file.dimensions.push_back(load_number<std::uint32_t>(content.data() + offset, true));
    if (file.dimensions.back() == 0) file.fail(offset, "a dimension is 0; expected 1 or more");
  }
}

/// Compares the size that the header promises with that of the content.
void check_size(const IdxFile& file) {
  std::string shape;
  std::size_t expected = element_size(file.type);
  for (std::size_t i = 0; i < file.dimensions.size(); ++i) {
    const std::size_t dimension = file.dimensions[i];
    if (expected > std::numeric_limits<std::size_t>::max() / 2 / dimension)
      file.fail(4 + 4 * i,
                "the product of the dimensions overflows; expected as many elements as "
                "the " +
                    std::to_string(file.content.size()) + " bytes of the file hold");
    expected *= dimension;
    shape += (i == 0 ? "" : " × ") + std::to_string(dimension);
  }
  const std::size_t found = file.content.size() - file.start;
  const std::string promise = std::to_string(expected) + " bytes of elements (" + shape + ", " +
                              std::to_string(element_size(file.type)) + " each)";
  if (found < expected)
    file.fail(file.content.size(),
              "the file ends after " + std::to_string(found) + "; expected " + promise);
  if (found > expected)
    file.fail(file.start + expected, std::to_string(found - expected) +
                                         " bytes after the last element; expected only " + promise);
}

IdxFile read_idx_file(const std::filesystem::path& path) {
  IdxFile file;
  file.name = path.string();
  FileBytes content = map_file(path);
  file.content = content.bytes;
  file.owner = std::move(content.owner);
  file.is_mapped = content.is_mapped;
  parse_header(file);
  return file;
}

/// Reads elements stored as the bits of a `Stored`; T holds each of its values.
template <class Stored, class T>
FeatureMatrix<T> decode(const IdxFile& file) {
  Matrix<T> matrix(file.dimensions[0], file.row_size());
  const std::byte* bytes = file.content.data() + file.start;
  for (T& element : matrix.elements()) {
    element = static_cast<T>(load_number<Stored>(bytes, true));
    if (!std::isfinite(element))
      file.fail(static_cast<std::size_t>(bytes - file.content.data()),
                "found " + std::to_string(element) + "; expected finite numbers");
    bytes += sizeof(Stored);
  }
  return matrix;
}

/// Returns the bytes, which stay in the content.
FeatureMatrix<std::uint8_t> bytes_of(const IdxFile& file) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(file.content.data() + file.start);
  return {{first, file.dimensions[0], file.row_size()}, file.owner, file.is_mapped};
}

Dataset::Features decode_features(const IdxFile& file) {
  switch (file.type) {
    case kI8:
      return decode<std::int8_t, float>(file);
    case kI16:
      return decode<std::int16_t, float>(file);
    case kI32:
      return decode<std::int32_t, double>(file);
    case kF32:
      return decode<float, float>(file);
    case kF64:
      return decode<double, double>(file);
    default:
      return bytes_of(file);
  }
}

/// QMNIST's labels are rows of so many int32, of which the first is the class.
constexpr std::size_t kQmnistColumns = 8;

template <class Stored>
void decode_labels(const IdxFile& file, std::span<double> labels) {
  const std::size_t stride = file.row_size() * sizeof(Stored);
  const std::byte* bytes = file.content.data() + file.start;
  for (double& label : labels) {
    label = load_number<Stored>(bytes, true);
    bytes += stride;
  }
}

RowTargets read_labels(const std::filesystem::path& path) {
  const IdxFile file = read_idx_file(path);
  const bool is_qmnist =
      file.type == kI32 && file.dimensions.size() == 2 && file.dimensions[1] == kQmnistColumns;
  if (file.dimensions.size() != 1 && !is_qmnist)
    file.fail(3, "found " + std::to_string(file.dimensions.size()) +
                     " dimensions, as of a file of images; expected labels in 1 dimension (are "
                     "images and labels exchanged?)");
  if (file.type == kF32 || file.type == kF64)
    file.fail(2, "found labels of type " + hexadecimal({&file.content[2], 1}) +
                     "; expected integers (08, 09, 0b or 0c)");
  check_size(file);
  RowTargets labels;
  labels.values = Matrix<double>(file.dimensions[0], 1);
  const std::span<double> values = labels.values.elements();
  switch (file.type) {
    case kI8:
      decode_labels<std::int8_t>(file, values);
      break;
    case kI16:
      decode_labels<std::int16_t>(file, values);
      break;
    case kI32:
      decode_labels<std::int32_t>(file, values);
      break;
    default:
      decode_labels<std::uint8_t>(file, values);
  }
  const std::size_t row_bytes = element_size(file.type) * file.row_size();
  labels.place = [name = file.name, start = file.start, row_bytes](std::size_t row) {
    return name + ": byte " + std::to_string(start + row * row_bytes);
  };
  return labels;
}

}  // namespace

Dataset read_idx_features(const std::filesystem::path& features) {
  const IdxFile file = read_idx_file(features);
  if (file.dimensions.size() == 1)
    file.fail(3,
              "found 1 dimension, as of a file of labels; expected 2 or more: rows and features "
              "(are images and labels exchanged?)");
  check_size(file);
  Dataset dataset;
  dataset.features = decode_features(file);
  if (file.dimensions.size() == 3) {
    dataset.image_height = file.dimensions[1];
    dataset.image_width = file.dimensions[2];
  }
  return dataset;
}

Dataset read_idx(const std::filesystem::path& features, const std::filesystem::path& labels,
                 std::span<const std::string> classes) {
  Dataset dataset = read_idx_features(features);
  RowTargets targets = read_labels(labels);
  if (targets.values.rows() != dataset.rows())
    throw DataError(labels.string() + ": byte 4: " + std::to_string(targets.values.rows()) +
                    " labels; expected one for each of the " + std::to_string(dataset.rows()) +
                    " rows of " + features.string());
  set_targets(std::move(targets), TaskChoice::kClassification, classes, dataset);
  return dataset;
}

namespace {

namespace fs = std::filesystem;

/// Returns the names that the labels of a file of images may have: "images" becomes "labels", and
/// the "idx" with the number of dimensions behind it, after a dash or a dot, becomes "idx1", or
/// "idx2-int" as QMNIST has it. Empty if the name has no such parts.
std::vector<std::string> label_names(const std::string& images) {
  constexpr std::string_view kImages = "images";
  constexpr std::string_view kIdx = "idx";
  const std::size_t at = images.rfind(kImages);
  if (at == std::string::npos) return {};
  const std::size_t separator = at + kImages.size();
  const std::size_t idx = separator + 1;
  if (images.compare(idx - 1, 1, "-") != 0 && images.compare(idx - 1, 1, ".") != 0) return {};
  if (images.compare(idx, kIdx.size(), kIdx) != 0) return {};
  const std::size_t digit = idx + kIdx.size();
  if (digit >= images.size() || images[digit] < '2' || images[digit] > '9') return {};
  const std::string stem = images.substr(0, at) + "labels";
  std::string ending = images.substr(digit + 1);
  if (ending.ends_with(".gz")) ending.resize(ending.size() - 3);
  const char own = images[separator];
  const char other = own == '-' ? '.' : '-';
  return {stem + own + "idx1" + ending, stem + other + "idx1" + ending, stem + own + "idx2-int",
          stem + other + "idx2-int"};
}

/// Returns the file of labels that belongs to a file of images by its name, with or without ".gz";
/// the likeliest name if there is none, and an empty one if none follows from the name.
fs::path derive_labels(const fs::path& images) {
  const std::vector<std::string> names = label_names(images.filename().string());
  if (names.empty()) return {};
  for (const std::string& name : names)
    if (const fs::path found = find_plain_or_gz(images.parent_path(), name); !found.empty())
      return found;
  return images.parent_path() / names.front();
}

/// Returns a standard name in the folder, with a dash or a dot before "idx", with or without ".gz".
fs::path find_standard(const fs::path& dir, const std::string& name) {
  if (const fs::path found = find_plain_or_gz(dir, name); !found.empty()) return found;
  std::string dotted = name;
  dotted[dotted.find("-idx")] = '.';
  if (const fs::path found = find_plain_or_gz(dir, dotted); !found.empty()) return found;
  const std::string folder = dir.empty() ? "." : dir.string();
  throw DataError(folder + ": " + name +
                  " is missing; looked for train-images-idx3-ubyte, train-labels-idx1-ubyte, "
                  "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each with or without .gz; "
                  "`scripts/fetch-mnist " +
                  folder + "` downloads them");
}

/// Reads one pair of files; `key` is the configuration key of the features.
Dataset read_pair(const DataOptions& options, const std::string& key,
                  const std::vector<fs::path>& files, const fs::path& labels_option,
                  std::span<const std::string> classes, std::string& name) {
  const fs::path features = options.dir / files.front();
  name = features.string();
  if (!labels_option.empty()) return read_idx(features, options.dir / labels_option, classes);
  const fs::path labels = derive_labels(features);
  if (labels.empty())
    throw ConfigError(key + "-labels: missing, and the name of the labels does not follow from " +
                      name + ", which has no \"images-idx3\" or \"images.idx3\" in it; expected " +
                      key + "-labels = the file of labels");
  return read_idx(features, labels, classes);
}

}  // namespace

SourceRows read_idx_source(const DataOptions& options) {
  DataOptions files = options;
  if (options.train.empty()) {
    files.dir.clear();  // the names found contain it
    files.train = {find_standard(options.dir, "train-images-idx3-ubyte")};
    files.train_labels = find_standard(options.dir, "train-labels-idx1-ubyte");
    files.test = {find_standard(options.dir, "t10k-images-idx3-ubyte")};
    files.test_labels = find_standard(options.dir, "t10k-labels-idx1-ubyte");
  }

  SourceRows rows;
  rows.train = read_pair(files, "data.train", files.train, files.train_labels, options.csv.classes,
                         rows.train_name);
  if (!files.test.empty())
    rows.test = read_pair(files, "data.test", files.test, files.test_labels, rows.train.classes,
                          rows.test_name);
  return rows;
}

bool is_idx(std::span<const std::byte> start) {
  constexpr std::string_view kTypes = "\x08\x09\x0B\x0C\x0D\x0E";
  return start.size() >= 4 && start[0] == std::byte{0} && start[1] == std::byte{0} &&
         kTypes.find(static_cast<char>(start[2])) != std::string_view::npos;
}

}  // namespace nabla
