// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The safetensors format: eight bytes of header length (little-endian), a JSON header, then the
/// elements of all tensors without gaps. Knows nothing of networks.
/// Format: https://github.com/huggingface/safetensors
namespace nabla::safetensors {

/// The format's own bound on the header, in bytes.
inline constexpr std::size_t kMaxHeader = 100'000'000;

/// One tensor as the header describes it.
struct TensorInfo {
  std::string name;
  std::string dtype;               ///< "F32", "F64", "I64", …
  std::vector<std::size_t> shape;  ///< outermost dimension first; empty for a scalar
};

/// Elements as they lie in a buffer that somebody else owns: row-major, not aligned.
struct Tensor {
  std::string dtype;
  std::vector<std::size_t> shape;
  std::span<const std::byte> data;  ///< exactly the bytes that dtype and shape ask for
};

using Metadata = std::map<std::string, std::string>;

/// A file that obeys the format. Views the buffer it was parsed from.
struct File {
  Metadata metadata;
  std::map<std::string, Tensor> tensors;
};

/// Checks and takes apart a whole file. `name` stands for the file in errors. Allocates no more
/// than a small multiple of the header's real size. Throws DataError for a truncated file, a header
/// that is not the JSON the format asks for (a key given twice included), an unknown element type,
/// and offsets that are reversed, out of range, overlapping or leave gaps.
File parse(std::span<const std::byte> content, const std::string& name);

/// The length and the header of a file with these tensors in this order; the caller appends their
/// elements. Padded with spaces so that the elements start on an 8-byte boundary. Memory for the
/// elements is reserved. All texts must be UTF-8. Throws DataError if the header exceeds
/// kMaxHeader.
std::string serialize_header(const Metadata& metadata, std::span<const TensorInfo> tensors);

/// Bits of one element, or 0 for a type that the format does not know.
std::size_t bits_of(std::string_view dtype);

/// "[30, 784]"
std::string to_string(std::span<const std::size_t> shape);

/// A text from a file fit for a one-line message: in quotes, control characters escaped, shortened.
std::string quote(std::string_view text);

}  // namespace nabla::safetensors
