// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "model/safetensors.h"

namespace nabla {

using Json = nlohmann::ordered_json;

/// One of the JSON texts in a model file's metadata, with checks that name file and text in their
/// errors. Nothing deeper than `max_depth` arrays and objects is read.
class MetadataText {
 public:
  /// Throws DataError if the text is missing or is not JSON.
  MetadataText(const safetensors::Metadata& metadata, const std::string& key,
               const std::string& name, int max_depth = 2);

  /// Throws DataError with the text's place before `what`.
  [[noreturn]] void fail(const std::string& what) const;

  const Json& json() const { return json_; }

  /// Requires an object with exactly these keys, of which the optional ones may be missing.
  void require_keys(std::initializer_list<std::string_view> keys,
                    std::initializer_list<std::string_view> optional = {}) const {
    require_keys(json_, keys, optional);
  }
  void require_keys(const Json& object, std::initializer_list<std::string_view> keys,
                    std::initializer_list<std::string_view> optional = {}) const;

  /// The value of a key that is there.
  std::string text_of(const std::string& key) const { return text_of(json_[key], key); }
  std::string text_of(const Json& value, const std::string& key) const;
  const Json& array_of(const std::string& key) const { return array_of(json_, key); }
  const Json& array_of(const Json& object, const std::string& key) const;

 private:
  Json parse(const std::string& text, int max_depth) const;

  std::string place_;
  Json json_;
};

}  // namespace nabla
