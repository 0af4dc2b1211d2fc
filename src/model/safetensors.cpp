// SPDX-License-Identifier: MIT
#include "model/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "nabla/base/error.h"

#include "model/safetensors_header.h"

namespace nabla::safetensors {

namespace {

static_assert(std::endian::native == std::endian::little,
              "elements and lengths are little-endian in the file and copied as they are");

/// Returns the bytes of the elements, nullopt if they do not fit or end within a byte.
std::optional<std::size_t> byte_size(std::string_view dtype, std::span<const std::size_t> shape) {
  if (std::ranges::find(shape, std::size_t{0}) != shape.end()) return 0;
  std::size_t bits = bits_of(dtype);
  for (const std::size_t extent : shape) {
    if (bits > std::numeric_limits<std::size_t>::max() / extent) return std::nullopt;
    bits *= extent;
  }
  if (bits % 8 != 0) return std::nullopt;
  return bits / 8;
}

std::string range_text(const HeaderEntry& entry) {
  return "[" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) + ")";
}

/// Throws unless the ranges of all tensors fill the data exactly and each has its tensor's size.
void check_ranges(const Header& header, std::size_t data_size, const std::string& name) {
  std::vector<std::pair<const std::string*, const HeaderEntry*>> order;
  order.reserve(header.entries.size());
  for (const auto& [tensor, entry] : header.entries) {
    const std::string where = name + ": tensor " + quote(tensor) + ": ";
    if (entry.begin > entry.end || entry.end > data_size)
      throw DataError(where + "data_offsets " + range_text(entry) +
                      " do not lie in order within the " + std::to_string(data_size) +
                      " bytes of data that the file has");
    const std::optional<std::size_t> expected = byte_size(entry.dtype, entry.shape);
    if (expected != entry.end - entry.begin)
      throw DataError(where + "data_offsets span " + std::to_string(entry.end - entry.begin) +
                      " bytes, expected " +
                      (expected ? std::to_string(*expected) : std::string("far more")) + " for " +
                      entry.dtype + " " + to_string(entry.shape));
    order.emplace_back(&tensor, &entry);
  }
  std::ranges::sort(order, [](const auto& a, const auto& b) {
    return std::pair(a.second->begin, a.second->end) < std::pair(b.second->begin, b.second->end);
  });
  std::size_t covered = 0;
  for (const auto& [tensor, entry] : order) {
    if (entry->begin != covered)
      throw DataError(name + ": tensor " + quote(*tensor) + ": data_offsets " + range_text(*entry) +
                      (entry->begin < covered ? " overlap another tensor's" : " leave a gap") +
                      ", expected to begin at " + std::to_string(covered));
    covered = entry->end;
  }
  if (covered != data_size)
    throw DataError(name + ": byte offset " +
                    std::to_string(kHeaderOffset + header.length + covered) + ": " +
                    std::to_string(data_size - covered) + " bytes that belong to no tensor");
}

}  // namespace

std::size_t bits_of(std::string_view dtype) {
  static constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::size_t>>({
      {"F64", 64},    {"F32", 32},    {"F16", 16},    {"BF16", 16},   {"I64", 64},
      {"I32", 32},    {"I16", 16},    {"I8", 8},      {"U64", 64},    {"U32", 32},
      {"U16", 16},    {"U8", 8},      {"BOOL", 8},    {"C64", 64},    {"F8_E4M3", 8},
      {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4},
  });
  const auto found = std::ranges::find(kTypes, dtype, [](const auto& type) { return type.first; });
  return found == kTypes.end() ? 0 : found->second;
}

std::string to_string(std::span<const std::size_t> shape) {
  constexpr std::size_t kShown = 8;
  std::string text = "[";
  for (std::size_t i = 0; i < std::min(shape.size(), kShown); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + (shape.size() > kShown ? ", …]" : "]");
}

std::string quote(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string shown(text.substr(0, kShown));
  if (text.size() > kShown) shown += "...";
  using Json = nlohmann::json;
  return Json(std::move(shown)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

File parse(std::span<const std::byte> content, const std::string& name) {
  if (content.size() < kHeaderOffset)
    throw DataError(name + ": truncated: " + std::to_string(content.size()) +
                    " bytes, expected at least the 8 of a safetensors header length");
  std::uint64_t length = 0;
  std::memcpy(&length, content.data(), kHeaderOffset);
  if (length > kMaxHeader)
    throw DataError(name + ": byte offset 0: header length " + std::to_string(length) +
                    ", expected at most " + std::to_string(kMaxHeader) +
                    ": not a safetensors file");
  if (length > content.size() - kHeaderOffset)
    throw DataError(name + ": truncated: a header of " + std::to_string(length) +
                    " bytes announced, but only " + std::to_string(content.size() - kHeaderOffset) +
                    " bytes follow");

  const std::span<const std::byte> data = content.subspan(kHeaderOffset + length);
  Header header = parse_header({reinterpret_cast<const char*>(content.data()) + kHeaderOffset,
                                static_cast<std::size_t>(length)},
                               name);
  check_ranges(header, data.size(), name);

  File file;
  file.metadata = std::move(header.metadata);
  for (auto& [tensor, entry] : header.entries)
    file.tensors.emplace(tensor, Tensor{std::move(entry.dtype), std::move(entry.shape),
                                        data.subspan(entry.begin, entry.end - entry.begin)});
  return file;
}

std::string serialize_header(const Metadata& metadata, std::span<const TensorInfo> tensors) {
  nlohmann::ordered_json json;
  json["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const TensorInfo& tensor : tensors) {
    const std::size_t begin = offset;
    offset += byte_size(tensor.dtype, tensor.shape).value();
    json[tensor.name] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {begin, offset}}};
  }
  std::string text = json.dump();
  text.append((kHeaderOffset - text.size() % kHeaderOffset) % kHeaderOffset, ' ');
  if (text.size() > kMaxHeader)
    throw DataError("model: a safetensors header of " + std::to_string(text.size()) +
                    " bytes, expected at most " + std::to_string(kMaxHeader) +
                    "; the class names are too long or too many");

  const std::uint64_t length = text.size();
  std::string result(kHeaderOffset, '\0');
  std::memcpy(result.data(), &length, kHeaderOffset);
  result.reserve(kHeaderOffset + text.size() + offset);
  return result += text;
}

}  // namespace nabla::safetensors
