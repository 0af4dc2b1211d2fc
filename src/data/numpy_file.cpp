// SPDX-License-Identifier: MIT
#include "data/numpy_file.h"

#include <algorithm>
#include <charconv>
#include <new>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <zip.h>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "base/option_values.h"
#include "data/csv_cell.h"
#include "data/foreign_format.h"
#include "data/source.h"
#include "data/sparse_npz.h"

namespace nabla {

namespace {

/// The description of an array in the first bytes of its NPY file.
struct NpyHeader {
  NumpyType type;
  std::vector<std::size_t> shape;
  bool fortran_order = false;
  std::size_t size = 0;      ///< bytes of the header; the elements begin there
  std::size_t elements = 0;  ///< bytes of the elements
};

/// No more bytes of a header are read, whatever length it claims.
constexpr std::size_t kNpyLongestHeader = std::size_t{1} << 16;

constexpr std::string_view kMagic = "\x93NUMPY";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads the one kind of Python literal that the format allows: a dict of "descr",
/// "fortran_order" and "shape", each once, in any order.
class HeaderText {
 public:
  HeaderText(std::string_view text, std::size_t offset, const std::string& name)
      : text_(text), offset_(offset), name_(name) {}

  void parse(NpyHeader& header) {
    expect('{');
    while (!take('}')) {
      parse_entry(header);
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (position_ != text_.size()) fail("expected nothing but blanks after the dict");
    if (!has_type_ || !has_order_ || !has_shape_)
      fail("expected the keys descr, fortran_order and shape");
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    const std::string_view rest = text_.substr(position_, 20);
    throw DataError(name_ + ": byte " + std::to_string(offset_ + position_) + ": found " +
                    (rest.empty() ? "the end of the header" : quote_cell(rest)) + "; " + expected);
  }

  void skip_blanks() {
    while (position_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos)
      ++position_;
  }

  bool take(char c) {
    skip_blanks();
    const bool found = position_ < text_.size() && text_[position_] == c;
    if (found) ++position_;
    return found;
  }

  void expect(char c) {
    if (!take(c)) fail(std::string("expected '") + c + "'");
  }

  bool take_word(std::string_view word) {
    skip_blanks();
    const bool found = text_.substr(position_).starts_with(word);
    if (found) position_ += word.size();
    return found;
  }

  std::string_view parse_string() {
    const char quote = take('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t first = position_;
    const std::size_t last = text_.find(quote, first);
    if (last == std::string_view::npos) fail("expected a closing quote");
    position_ = last + 1;
    return text_.substr(first, last - first);
  }

  void parse_entry(NpyHeader& header) {
    skip_blanks();
    const std::size_t start = position_;
    const std::string_view key = parse_string();
    bool* const seen = key == "descr"           ? &has_type_
                       : key == "fortran_order" ? &has_order_
                       : key == "shape"         ? &has_shape_
                                                : nullptr;
    if (seen == nullptr || *seen) {
      position_ = start;
      fail("expected the keys descr, fortran_order and shape, each once");
    }
    *seen = true;
    expect(':');
    if (key == "descr")
      parse_type(header);
    else if (key == "fortran_order")
      parse_order(header);
    else
      parse_shape(header);
  }

  void parse_type(NpyHeader& header) {
    skip_blanks();
    const std::size_t start = position_;
    const std::string expected = "expected the type " + std::string(kNumpyTypes);
    if (position_ < text_.size() && text_[position_] == '[')
      fail(expected + " (this is an array of records)");
    const std::string_view code = parse_string();
    const auto type =
        code.size() >= 3 ? parse_numpy_type(code.substr(1), code.front()) : std::nullopt;
    if (!type) {
      position_ = start;
      fail(expected + (code.find('O') != std::string_view::npos
                           ? " (Python objects are not read: save array.astype(str) or numbers)"
                           : ""));
    }
    header.type = *type;
  }

  void parse_order(NpyHeader& header) {
    header.fortran_order = take_word("True");
    if (!header.fortran_order && !take_word("False")) fail("expected True or False");
  }

  void parse_shape(NpyHeader& header) {
    expect('(');
    while (!take(')')) {
      header.shape.push_back(parse_size());
      if (header.shape.size() > kMostNumpyDimensions)
        fail("expected at most " + std::to_string(kMostNumpyDimensions) + " dimensions");
      if (!take(',')) {
        // Brackets around one number without a comma do not make a tuple in Python.
        if (header.shape.size() < 2) fail("expected ','");
        expect(')');
        break;
      }
    }
  }

  std::size_t parse_size() {
    skip_blanks();
    std::size_t size = 0;
    const char* const first = text_.data() + position_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), size);
    if (error != std::errc()) fail("expected a size of the shape");
    position_ += static_cast<std::size_t>(end - first);
    // Python 2 wrote an L behind long integers.
    if (position_ < text_.size() && text_[position_] == 'L') ++position_;
    return size;
  }

  std::string_view text_;
  std::size_t offset_;
  const std::string& name_;
  std::size_t position_ = 0;
  bool has_type_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

[[noreturn]] void throw_short(const std::string& name, std::size_t size,
                              const std::string& expected) {
  throw DataError(name + ": byte " + std::to_string(size) + ": the file ends; expected " +
                  expected);
}

/// Reads a header of version 1, 2 or 3 from the first bytes of a file; kNpyLongestHeader of them
/// hold any header. Throws DataError, which begins with `name` and gives the byte offset. Format:
/// NumPy's documentation of numpy.lib.format.
NpyHeader parse_npy_header(std::span<const std::byte> start, const std::string& name) {
  if (!is_npy(start))
    throw DataError(name + ": byte 0: not an NPY file; expected it to begin with \\x93NUMPY");
  if (start.size() < 8) throw_short(name, start.size(), "the format's version");
  const auto version = std::to_integer<unsigned>(start[6]);
  if (version < 1 || version > 3 || start[7] != std::byte{0})
    throw DataError(name + ": byte 6: found version " + std::to_string(version) + "." +
                    std::to_string(std::to_integer<unsigned>(start[7])) +
                    "; expected 1.0, 2.0 or 3.0");
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  NpyHeader header;
  const std::size_t text_start = 8 + length_bytes;
  if (start.size() < text_start) throw_short(name, start.size(), "the length of the header");
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;)
    length = length << 8 | std::to_integer<std::size_t>(start[8 + i]);
  header.size = text_start + length;
  if (header.size > kNpyLongestHeader)
    throw DataError(name + ": byte 8: found a header of " + std::to_string(length) +
                    " bytes; expected at most " + std::to_string(kNpyLongestHeader - text_start));
  if (start.size() < header.size)
    throw_short(name, start.size(), "a header of " + std::to_string(header.size) + " bytes");
  HeaderText(text_of(start.subspan(text_start, length)), text_start, name).parse(header);
  header.elements = numpy_bytes(header.type, header.shape, name);
  return header;
}

}  // namespace

bool is_npy(std::span<const std::byte> start) { return text_of(start).starts_with(kMagic); }

NumpyArray parse_npy(const FileBytes& file, const std::string& name) {
  const std::span<const std::byte> content = file.bytes;
  NpyHeader header = parse_npy_header(content, name);
  const std::size_t found = content.size() - header.size;
  if (found != header.elements)
    throw DataError(name + ": byte " +
                    std::to_string(std::min(content.size(), header.size + header.elements)) +
                    ": found " + std::to_string(found) + " bytes of elements; expected " +
                    std::to_string(header.elements) + " (" + shape_text(header.shape) + ", " +
                    std::to_string(header.type.size) + " each)");
  return {name,
          header.type,
          std::move(header.shape),
          header.fortran_order,
          content.subspan(header.size),
          file.owner};
}

namespace {

constexpr std::string_view kEnding = ".npy";
/// No deflated stream expands by a larger factor, as two bits give 258 bytes at most; a short
/// stream may give a few bytes more.
constexpr std::uint64_t kMostExpansion = 1032;

/// Returns the error's text. Throws std::bad_alloc if it is that there was no memory.
std::string zip_error_text(zip_error_t* error) {
  if (zip_error_code_zip(error) == ZIP_ER_MEMORY) throw std::bad_alloc();
  return zip_error_strerror(error);
}

class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;

  zip_error_t* get() { return &error_; }

 private:
  zip_error_t error_;
};

using ZipArchive = std::unique_ptr<zip_t, void (*)(zip_t*)>;
struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Member = std::unique_ptr<zip_file_t, CloseMember>;

ZipArchive open_archive(std::span<const std::byte> content, const std::string& name) {
  ZipError error;
  zip_source_t* const source =
      zip_source_buffer_create(content.data(), content.size(), 0, error.get());
  if (source == nullptr) throw std::bad_alloc();
  ZipArchive archive(zip_open_from_source(source, ZIP_RDONLY, error.get()), zip_discard);
  if (!archive) {
    zip_source_free(source);
    throw DataError(name + ": not a zip archive (" + zip_error_text(error.get()) +
                    "); expected an NPZ file as numpy.savez writes it");
  }
  return archive;
}

/// Reads as many bytes as there is room for, or fewer at the member's end, where libzip compares
/// the checksum.
std::size_t read_some(zip_file_t* member, std::span<std::byte> room, const std::string& name) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const zip_int64_t got = zip_fread(member, room.data() + filled, room.size() - filled);
    if (got == 0) break;
    if (got < 0)
      throw DataError(name + ": byte " + std::to_string(filled) + ": damaged (" +
                      zip_error_text(zip_file_get_error(member)) +
                      "); expected whole compressed data");
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

/// The directory's entry for a member; the sizes in it are possible.
struct Sizes {
  zip_uint64_t index = 0;
  std::size_t size = 0;
};

Sizes find_member(zip_t* archive, const std::string& member, const std::string& name) {
  zip_stat_t status;
  zip_stat_init(&status);
  if (zip_stat(archive, member.c_str(), ZIP_FL_ENC_RAW, &status) != 0)
    throw DataError(name + ": " + zip_error_text(zip_get_error(archive)) +
                    "; expected a whole archive");
  if (status.encryption_method != ZIP_EM_NONE)
    throw DataError(name + ": encrypted; expected no encryption");
  const bool is_stored = status.comp_method == ZIP_CM_STORE;
  if (!is_stored && status.comp_method != ZIP_CM_DEFLATE)
    throw DataError(name + ": compressed by method " + std::to_string(status.comp_method) +
                    "; expected stored (0) or deflated (8)");
  const std::uint64_t memory = physical_memory() / 2;
  if (status.size > memory || status.comp_size > memory)
    throw DataError(name + ": the archive says " + std::to_string(status.size) +
                    " bytes; expected at most " + std::to_string(memory));
  const std::uint64_t most = is_stored ? status.comp_size : (status.comp_size + 1) * kMostExpansion;
  if (status.size > most)
    throw DataError(name + ": the archive says " + std::to_string(status.size) + " bytes from " +
                    std::to_string(status.comp_size) + " compressed ones; expected at most " +
                    std::to_string(most));
  return {status.index, static_cast<std::size_t>(status.size)};
}

}  // namespace

struct NpzFile::Archive {
  ZipArchive zip{nullptr, zip_discard};
};

NpzFile::NpzFile(FileBytes file, std::string name)
    : file_(std::move(file)), name_(std::move(name)), archive_(std::make_unique<Archive>()) {
  archive_->zip = open_archive(file_.bytes, name_);
  std::set<std::string> seen;
  const zip_int64_t count = zip_get_num_entries(archive_->zip.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* const raw =
        zip_get_name(archive_->zip.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    std::string_view array = raw == nullptr ? "" : raw;
    if (!array.ends_with(kEnding)) continue;
    array.remove_suffix(kEnding.size());
    if (!seen.emplace(array).second)
      throw DataError(name_ + ": two arrays are called " + quote_cell(array) +
                      "; expected different names");
    names_.emplace_back(array);
  }
  if (names_.empty()) refuse_foreign(file_.bytes, name_);
}

NpzFile::~NpzFile() = default;

bool NpzFile::has(const std::string& name) const {
  return std::ranges::find(names_, name) != names_.end();
}

NumpyArray NpzFile::read(const std::string& name) const {
  const std::string place = name_ + ": " + name;
  zip_t* const zip = archive_->zip.get();
  const Sizes member = find_member(zip, name + std::string(kEnding), place);
  const Member open(zip_fopen_index(zip, member.index, 0));
  if (!open)
    throw DataError(place + ": " + zip_error_text(zip_get_error(zip)) +
                    "; expected a whole archive");

  auto owner = std::make_shared<std::vector<std::byte>>();
  std::vector<std::byte>& content = *owner;
  content.resize(std::min(member.size, kNpyLongestHeader));
  content.resize(read_some(open.get(), content, place));
  const NpyHeader header = parse_npy_header(content, place);
  if (header.size + header.elements != member.size)
    throw DataError(place + ": the archive says " + std::to_string(member.size) +
                    " bytes; expected " + std::to_string(header.size) + " of the header and " +
                    std::to_string(header.elements) + " of elements (" + shape_text(header.shape) +
                    ", " + std::to_string(header.type.size) + " each)");
  const std::size_t start = content.size();
  content.resize(member.size);
  const auto rest = std::span(content).subspan(start);
  content.resize(start + read_some(open.get(), rest, place));
  // libzip compares the checksum only if reading comes to the end.
  std::byte beyond{};
  if (read_some(open.get(), {&beyond, 1}, place) != 0)
    throw DataError(place + ": byte " + std::to_string(member.size) +
                    ": more data than the archive's directory says; expected its end");
  return parse_npy({content, std::move(owner)}, place);
}

namespace {

/// Returns the first few names of the arrays, for an error.
std::string list_names(const NpzFile& file) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < file.names().size() && i < kMost; ++i)
    text += (i > 0 ? ", " : "") + quote_cell(file.names()[i]);
  if (file.names().size() > kMost) text += ", ...";
  return text.empty() ? "no arrays" : text;
}

/// The names of the arrays with features and targets of the training rows and, if there are four,
/// of the test rows.
using ArrayNames = std::vector<std::string>;

/// Returns the names that are in the file: those that the options have, else usual ones, without
/// those of test rows if both are missing.
ArrayNames find_arrays(const NpzFile& file, const std::string& name, const ArrayNames& wanted) {
  static const std::vector<ArrayNames> kUsual = {
      {"x_train", "y_train", "x_test", "y_test"},
      {"train_images", "train_labels", "test_images", "test_labels"},
      {"X", "y"},
      {"arr_0", "arr_1"}};
  const auto fail = [&](const std::string& expected) {
    throw DataError(name + ": found " + list_names(file) + "; expected " + expected);
  };
  const auto has = [&](const std::string& array) { return file.has(array); };
  if (!wanted.empty()) {
    if (!std::ranges::all_of(wanted, has)) fail(join(wanted) + ", which data.arrays names");
    return wanted;
  }
  for (ArrayNames names : kUsual) {
    if (!has(names[0]) || !has(names[1])) continue;
    if (names.size() == 2) return names;
    if (has(names[2]) != has(names[3])) fail("both " + names[2] + " and " + names[3] + ", or none");
    if (!has(names[2])) names.resize(2);
    return names;
  }
  fail("x_train, y_train and, for test rows, x_test, y_test, or their names in data.arrays");
  return {};
}

}  // namespace

SourceRows read_npz_source(const DataOptions& options) {
  const std::filesystem::path path = find_only_file(options, "mnist.npz");
  const NpzFile file(map_file(path), path.string());
  if (is_sparse_npz(file) && options.arrays.empty()) return read_sparse_npz_source(options, file);
  if (!options.train_labels.empty())
    throw ConfigError("data.train-labels", "contradicts " + path.string() +
                                               ", which is no sparse matrix of "
                                               "scipy.sparse.save_npz, expected one");
  const ArrayNames names = find_arrays(file, path.string(), options.arrays);
  SourceRows rows;
  rows.train = numpy_dataset(file.read(names[0]), file.read(names[1]), options.csv.task,
                             options.csv.classes);
  rows.train_name = path.string() + ": " + names[0];
  if (names.size() == 2) return rows;
  rows.test = numpy_dataset(file.read(names[2]), file.read(names[3]), chosen_task(rows.train.task),
                            rows.train.classes);
  rows.test_name = path.string() + ": " + names[2];
  return rows;
}

Dataset read_npz_features(const FileBytes& content, const std::string& name) {
  const NpzFile file(content, name);
  if (is_sparse_npz(file)) return read_sparse_npz(file);
  for (const char* usual : {"x_test", "test_images", "x", "X", "arr_0"})
    if (file.has(usual)) return numpy_features(file.read(usual));
  if (file.names().size() != 1)
    throw DataError(name + ": found " + list_names(file) +
                    "; expected an array called x_test, test_images, x, X or arr_0, or only one "
                    "array");
  return numpy_features(file.read(file.names().front()));
}

bool is_numpy_file(std::span<const std::byte> start) {
  return is_npy(start) || text_of(start).starts_with("PK\3\4");
}

Dataset read_numpy_features(const std::filesystem::path& file) {
  const FileBytes content = map_file(file);
  if (is_npy(content.bytes)) return numpy_features(parse_npy(content, file.string()));
  return read_npz_features(content, file.string());
}

}  // namespace nabla
