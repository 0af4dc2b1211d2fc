// SPDX-License-Identifier: MIT
#include "data/npy.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "nabla/base/error.h"

#include "data/csv_cell.h"

namespace nabla {

namespace {

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
        code.size() == 3 ? parse_numpy_type(code.substr(1), code.front()) : std::nullopt;
    if (!type) {
      position_ = start;
      fail(expected +
           (code.find('O') != std::string_view::npos ? " (Python objects are not read)" : ""));
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
        // One number in brackets without a comma would be that number.
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
    // Python 2 wrote long integers so.
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

}  // namespace

bool is_npy(std::span<const std::byte> start) { return text_of(start).starts_with(kMagic); }

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

}  // namespace nabla
