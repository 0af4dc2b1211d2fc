// SPDX-License-Identifier: MIT
#include "data/pickle_objects.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

/// Reads the number of `digits` hexadecimal digits at `position`; returns nullopt if they are not
/// such.
std::optional<std::uint32_t> hexadecimal(std::string_view text, std::size_t position,
                                         std::size_t digits) {
  if (position > text.size() || text.size() - position < digits) return std::nullopt;
  std::uint32_t value = 0;
  const char* const first = text.data() + position;
  const auto [end, error] = std::from_chars(first, first + digits, value, 16);
  if (error != std::errc() || end != first + digits) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> python_string(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back() ||
      (literal.front() != '\'' && literal.front() != '"'))
    return std::nullopt;
  const char quote = literal.front();
  literal = literal.substr(1, literal.size() - 2);
  std::string text;
  text.reserve(literal.size());
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] == quote) return std::nullopt;
    if (literal[i] != '\\') {
      text += literal[i];
      continue;
    }
    if (++i == literal.size()) return std::nullopt;
    if (literal[i] == 'x') {
      const auto value = hexadecimal(literal, i + 1, 2);
      if (!value) return std::nullopt;
      text += static_cast<char>(*value);
      i += 2;
      continue;
    }
    constexpr std::string_view kEscapes = "\\'\"ntr";
    constexpr std::string_view kMeant = "\\'\"\n\t\r";
    const std::size_t escape = kEscapes.find(literal[i]);
    if (escape == std::string_view::npos) return std::nullopt;
    text += kMeant[escape];
  }
  return text;
}

std::optional<std::string> raw_unicode(std::string_view text) {
  constexpr std::uint32_t kLastPoint = 0x10ffff;
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\' || (next != 'u' && next != 'U')) {
      append_utf8(static_cast<unsigned char>(text[i]), result);
      continue;
    }
    const std::size_t digits = next == 'u' ? 4 : 8;
    const auto point = hexadecimal(text, i + 2, digits);
    if (!point || *point > kLastPoint) return std::nullopt;
    append_utf8(*point, result);
    i += 1 + digits;
  }
  return result;
}

namespace {

struct NamedGlobal {
  std::string_view module;
  std::string_view name;
  PickleGlobal global;
};

/// NumPy 2 has moved some of these names.
constexpr std::array kGlobals = {
    NamedGlobal{"numpy.core.multiarray", "_reconstruct", PickleGlobal::kReconstruct},
    NamedGlobal{"numpy._core.multiarray", "_reconstruct", PickleGlobal::kReconstruct},
    NamedGlobal{"numpy", "ndarray", PickleGlobal::kArray},
    NamedGlobal{"numpy", "dtype", PickleGlobal::kType},
    NamedGlobal{"numpy.core.numeric", "_frombuffer", PickleGlobal::kFromBuffer},
    NamedGlobal{"numpy._core.numeric", "_frombuffer", PickleGlobal::kFromBuffer},
    NamedGlobal{"_codecs", "encode", PickleGlobal::kEncode},
};

const char* kind_name(PickleObject::Kind kind) {
  using Kind = PickleObject::Kind;
  switch (kind) {
    case Kind::kNone:
      return "None";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kTuple:
      return "a tuple";
    case Kind::kList:
      return "a list";
    case Kind::kGlobal:
      return "a global";
    case Kind::kType:
      return "a dtype";
    default:
      return "an array";
  }
}

}  // namespace

PickleObjects::PickleObjects(std::span<const std::byte> content, std::string name)
    : content_(content), name_(std::move(name)) {}

void PickleObjects::fail(std::size_t offset, const std::string& message) const {
  throw DataError(name_ + ": byte " + std::to_string(offset) + ": " + message);
}

PickleId PickleObjects::add(PickleObject::Kind kind, std::size_t offset) {
  PickleObject object;
  object.kind = kind;
  object.offset = offset;
  objects_.push_back(std::move(object));
  return static_cast<PickleId>(objects_.size() - 1);
}

PickleId PickleObjects::add_string(std::string_view text, bool is_unicode, std::size_t offset) {
  const PickleId id = add(Kind::kString, offset);
  objects_[id].text = text;
  objects_[id].is_unicode = is_unicode;
  return id;
}

PickleId PickleObjects::add_string(std::string&& text, bool is_unicode, std::size_t offset) {
  return add_string(std::string_view(texts_.emplace_back(std::move(text))), is_unicode, offset);
}

PickleId PickleObjects::add_global(std::string_view module, std::string_view name,
                                   std::size_t offset) {
  for (const NamedGlobal& known : kGlobals)
    if (known.module == module && known.name == name) {
      const PickleId id = add(Kind::kGlobal, offset);
      objects_[id].global = known.global;
      return id;
    }
  fail(offset, "the pickle names " + quote_cell(std::string(module) + "." + std::string(name)) +
                   ", which is not read; expected nothing but tuples and lists of NumPy arrays");
}

std::span<const PickleId> PickleObjects::tuple(PickleId id, std::size_t length, const char* what,
                                               std::size_t offset) const {
  const PickleObject& object = objects_[id];
  if (object.kind != Kind::kTuple || object.items.size() != length)
    fail(offset, std::string("found ") + kind_name(object.kind) + " of " +
                     std::to_string(object.items.size()) + " items as " + what +
                     "; expected a tuple of " + std::to_string(length));
  return object.items;
}

std::int64_t PickleObjects::number(PickleId id, const char* what) const {
  const PickleObject& object = objects_[id];
  if (object.kind != Kind::kNumber)
    fail(object.offset,
         std::string("found ") + kind_name(object.kind) + " as " + what + "; expected a number");
  return object.number;
}

std::string_view PickleObjects::string(PickleId id, const char* what) const {
  const PickleObject& object = objects_[id];
  if (object.kind != Kind::kString)
    fail(object.offset,
         std::string("found ") + kind_name(object.kind) + " as " + what + "; expected a string");
  return object.text;
}

PickleId PickleObjects::reduce(PickleId global, PickleId arguments, std::size_t offset) {
  if (objects_[global].kind != Kind::kGlobal)
    fail(offset, std::string("found a call of ") + kind_name(objects_[global].kind) +
                     "; expected one of a global");
  switch (objects_[global].global) {
    case PickleGlobal::kReconstruct: {
      const auto items = tuple(arguments, 3, "arguments of _reconstruct", offset);
      const PickleObject& subtype = objects_[items[0]];
      if (subtype.kind != Kind::kGlobal || subtype.global != PickleGlobal::kArray)
        fail(offset, "found another subtype of an array; expected numpy.ndarray");
      return add(Kind::kArray, offset);
    }
    case PickleGlobal::kType: {
      const auto items = tuple(arguments, 3, "arguments of dtype", offset);
      const PickleId type = add(Kind::kType, offset);
      objects_[type].code = string(items[0], "the code of a dtype");
      return type;
    }
    case PickleGlobal::kFromBuffer: {
      const auto items = tuple(arguments, 4, "arguments of _frombuffer", offset);
      const std::string_view order = string(items[3], "the order of an array");
      if (order != "C" && order != "F")
        fail(offset, "found the order " + quote_cell(order) + " of an array; expected C or F");
      const PickleId array = add(Kind::kArray, offset);
      objects_[array].fortran_order = order == "F";
      set_array(objects_[array], items[2], items[1], items[0]);
      return array;
    }
    case PickleGlobal::kEncode:
      return encode(tuple(arguments, 2, "arguments of encode", offset), offset);
    default:
      fail(offset, "numpy.ndarray is called; expected arrays as pickle writes them");
  }
}

void PickleObjects::build(PickleId target, PickleId state, std::size_t offset) {
  PickleObject& object = objects_[target];
  if (object.kind == Kind::kType) {
    // NumPy writes a ninth item, metadata, only if there is some.
    const auto items = tuple(state, 8, "the state of a dtype", offset);
    const std::string_view order = string(items[1], "a byte order");
    const bool has_parts = objects_[items[2]].kind != Kind::kNone ||
                           objects_[items[3]].kind != Kind::kNone ||
                           objects_[items[4]].kind != Kind::kNone;
    if (number(items[0], "the version of a dtype") != 3 || order.size() != 1 || has_parts)
      fail(offset, "found an unknown or structured dtype; expected a plain one: " +
                       std::string(kNumpyTypes));
    object.order = order.front();
    return;
  }
  if (object.kind != Kind::kArray)
    fail(offset, std::string("found a state for ") + kind_name(object.kind) +
                     "; expected one for a dtype or an array");
  const auto items = tuple(state, 5, "the state of an array", offset);
  if (number(items[0], "the version of an array") != 1)
    fail(offset, "found another version of an array; expected version 1");
  object.fortran_order = number(items[3], "the order of an array") != 0;
  set_array(object, items[1], items[2], items[4]);
}

void PickleObjects::set_array(PickleObject& array, PickleId shape, PickleId type,
                              PickleId elements) {
  const PickleObject& sizes = objects_[shape];
  if (sizes.kind != Kind::kTuple || sizes.items.size() > kMostNumpyDimensions)
    fail(array.offset, "an array without a shape; expected a tuple of at most " +
                           std::to_string(kMostNumpyDimensions) + " sizes");
  array.shape.clear();
  for (const PickleId item : sizes.items) {
    const std::int64_t size = number(item, "a size of a shape");
    if (size < 0) fail(array.offset, "found a negative size of an array; expected elements");
    array.shape.push_back(static_cast<std::size_t>(size));
  }
  const PickleObject& dtype = objects_[type];
  if (dtype.kind != Kind::kType) fail(array.offset, "an array without a dtype; expected one");
  const auto known = parse_numpy_type(dtype.code, dtype.order);
  if (!known)
    fail(array.offset, "found an array of dtype " +
                           quote_cell(dtype.order + std::string(dtype.code)) + "; expected " +
                           std::string(kNumpyTypes));
  array.type = *known;
  array.text = string(elements, "the elements of an array");
  const std::size_t bytes =
      numpy_bytes(array.type, array.shape, name_ + ": byte " + std::to_string(array.offset));
  if (objects_[elements].is_unicode || array.text.size() != bytes)
    fail(array.offset, "found " + std::to_string(array.text.size()) +
                           (objects_[elements].is_unicode ? " bytes of text" : " bytes") +
                           " as elements of an array; expected " + std::to_string(bytes) + " (" +
                           shape_text(array.shape) + ", " + std::to_string(array.type.size) +
                           " each)");
  array.is_complete = true;
}

/// Python 3 writes bytes for Python 2 as the text of the same code points, having no other way.
PickleId PickleObjects::encode(std::span<const PickleId> arguments, std::size_t offset) {
  const std::string_view text = string(arguments[0], "the text to encode");
  const std::string_view encoding = string(arguments[1], "an encoding");
  if (!objects_[arguments[0]].is_unicode || (encoding != "latin1" && encoding != "latin-1"))
    fail(offset, "found the encoding " + quote_cell(encoding) + "; expected text as latin1");
  encoded_ += text.size();
  if (encoded_ > 2 * content_.size())
    fail(offset, "the same text is encoded again and again; expected each text once");
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      bytes += text[i];
      continue;
    }
    // Up to U+00FF, UTF-8 has a lead byte, C2 or C3, and one continuation byte.
    const unsigned next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead != 0xc2 && lead != 0xc3) || (next & 0xc0) != 0x80)
      fail(offset, "found a character beyond latin1; expected bytes written as text");
    bytes += static_cast<char>((lead & 3U) << 6 | (next & 0x3fU));
    ++i;
  }
  return add_string(std::move(bytes), false, offset);
}

NumpyArray PickleObjects::array(PickleId id, const std::string& name) const {
  const PickleObject& object = objects_[id];
  if (object.kind != Kind::kArray || !object.is_complete)
    throw DataError(name + ": found " + kind_name(object.kind) + "; expected a NumPy array");
  return {name,
          object.type,
          object.shape,
          object.fortran_order,
          std::as_bytes(std::span(object.text)),
          nullptr};
}

}  // namespace nabla
