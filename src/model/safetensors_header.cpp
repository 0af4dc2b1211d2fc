// SPDX-License-Identifier: MIT
#include "model/safetensors_header.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "nabla/base/error.h"

namespace nabla::safetensors {

namespace {

/// No tensor library goes as far; bounds the memory that hostile shapes take.
constexpr std::size_t kMaxRank = 64;

/// Receives the tokens of the header one by one and accepts only
/// {"__metadata__": {text: text, …}, name: {"dtype": text, "shape": [n, …],
/// "data_offsets": [n, n]}, …}.
class HeaderHandler {
 public:
  Header header;
  /// The token that was out of place, for errors; empty while there is none.
  std::string problem;
  bool is_syntax_error = false;
  std::size_t position = 0;  ///< of a syntax error, in bytes

  bool null() { return out_of_place("null"); }
  bool boolean(bool) { return out_of_place("a boolean"); }
  bool number_integer(std::int64_t) { return out_of_place("a negative number"); }
  bool number_float(double, const std::string&) { return out_of_place("a fraction"); }
  bool binary(std::vector<std::uint8_t>&) { return out_of_place("binary data"); }

  bool number_unsigned(std::uint64_t value) {
    if (state_ != State::kNumbers) return out_of_place("a number");
    if (field_ == "data_offsets" && numbers_.size() == 2)
      return fail("data_offsets with more than two numbers");
    if (numbers_.size() == kMaxRank)
      return fail("more than " + std::to_string(kMaxRank) + " dimensions");
    numbers_.push_back(value);
    return true;
  }

  bool string(std::string& value) {
    if (state_ == State::kMetadata) {
      if (!header.metadata.emplace(key_, std::move(value)).second)
        return fail("the key " + quote(key_) + " is given twice");
      return true;
    }
    if (state_ != State::kEntry || field_ != "dtype") return out_of_place("a text");
    if (bits_of(value) == 0)
      return fail("unknown element type " + quote(value) + ", expected F32 or F64");
    entry_->dtype = std::move(value);
    return true;
  }

  bool start_object(std::size_t) {
    if (state_ == State::kStart) {
      state_ = State::kTop;
    } else if (state_ == State::kTop && tensor_ == "__metadata__") {
      if (std::exchange(has_metadata_, true)) return fail("given twice");
      state_ = State::kMetadata;
    } else if (state_ == State::kTop) {
      const auto [place, is_new] = header.entries.try_emplace(tensor_);
      if (!is_new) return fail("given twice");
      entry_ = &place->second;
      has_dtype_ = has_shape_ = has_offsets_ = false;
      state_ = State::kEntry;
    } else {
      return out_of_place("an object");
    }
    return true;
  }

  bool key(std::string& value) {
    if (state_ == State::kTop) {
      tensor_ = std::move(value);
      return true;
    }
    if (state_ == State::kMetadata) {
      key_ = std::move(value);
      return true;
    }
    field_ = std::move(value);
    bool* const seen = field_ == "dtype"          ? &has_dtype_
                       : field_ == "shape"        ? &has_shape_
                       : field_ == "data_offsets" ? &has_offsets_
                                                  : nullptr;
    if (seen == nullptr)
      return fail("unknown key " + quote(field_) + ", expected dtype, shape and data_offsets");
    if (std::exchange(*seen, true)) return fail("the key " + quote(field_) + " is given twice");
    return true;
  }

  bool end_object() {
    if (state_ == State::kEntry && !(has_dtype_ && has_shape_ && has_offsets_))
      return fail("incomplete, expected dtype, shape and data_offsets");
    state_ = state_ == State::kTop ? State::kEnd : State::kTop;
    if (state_ == State::kTop) tensor_.clear();
    return true;
  }

  bool start_array(std::size_t) {
    if (state_ != State::kEntry || field_ == "dtype") return out_of_place("an array");
    numbers_.clear();
    state_ = State::kNumbers;
    return true;
  }

  bool end_array() {
    state_ = State::kEntry;
    if (field_ == "shape") {
      entry_->shape = numbers_;
      return true;
    }
    if (numbers_.size() != 2) return fail("data_offsets without two numbers");
    entry_->begin = numbers_[0];
    entry_->end = numbers_[1];
    return true;
  }

  bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) {
    is_syntax_error = true;
    position = at;
    return false;
  }

 private:
  enum class State { kStart, kTop, kMetadata, kEntry, kNumbers, kEnd };

  bool fail(const std::string& what) {
    problem = tensor_.empty() ? what : quote(tensor_) + ": " + what;
    return false;
  }
  bool out_of_place(const std::string& what) {
    const std::string key = state_ == State::kMetadata                             ? key_
                            : state_ == State::kEntry || state_ == State::kNumbers ? field_
                                                                                   : "";
    return fail(what + " is out of place" + (key.empty() ? "" : " at the key " + quote(key)));
  }

  State state_ = State::kStart;
  std::string tensor_;  ///< the key at the top
  std::string key_;     ///< of the metadata
  std::string field_;   ///< of the entry
  HeaderEntry* entry_ = nullptr;
  bool has_metadata_ = false;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
  std::vector<std::size_t> numbers_;
};

}  // namespace

Header parse_header(std::string_view text, const std::string& name) {
  const auto syntax_error = [&](std::size_t position) {
    return DataError(name + ": byte offset " + std::to_string(kHeaderOffset + position) +
                     ": the safetensors header is not valid JSON");
  };
  // The JSON parser would skip a byte order mark and take a zero byte for the end of the text.
  if (!text.starts_with('{')) throw syntax_error(0);
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    throw syntax_error(zero);

  HeaderHandler handler;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &handler)) {
    if (handler.is_syntax_error)
      throw syntax_error(handler.position == 0 ? 0 : handler.position - 1);
    throw DataError(name + ": safetensors header: " + handler.problem);
  }
  handler.header.length = text.size();
  return std::move(handler.header);
}

}  // namespace nabla::safetensors
