// SPDX-License-Identifier: MIT
#include "model/metadata_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "nabla/base/error.h"

namespace nabla {

using safetensors::quote;

namespace {

constexpr std::size_t kMaxKeys = 16;  // more than any text of ours has

bool contains(std::initializer_list<std::string_view> keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

MetadataText::MetadataText(const safetensors::Metadata& metadata, const std::string& key,
                           const std::string& name, int max_depth)
    : place_(name + ": metadata " + quote(key) + ": ") {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw DataError(place_ + "missing");
  json_ = parse(found->second, max_depth);
}

void MetadataText::fail(const std::string& what) const { throw DataError(place_ + what); }

void MetadataText::require_keys(const Json& object, std::initializer_list<std::string_view> keys,
                                std::initializer_list<std::string_view> optional) const {
  if (!object.is_object()) fail("expected a JSON object");
  for (const std::string_view key : keys)
    if (!object.contains(std::string(key))) fail("the key " + quote(key) + " is missing");
  for (const auto& item : object.items())
    if (!contains(keys, item.key()) && !contains(optional, item.key()))
      fail("unknown key " + quote(item.key()) + ", written by a newer version?");
}

std::string MetadataText::text_of(const Json& value, const std::string& key) const {
  if (!value.is_string()) fail("expected a text at " + quote(key));
  return value.get<std::string>();
}

const Json& MetadataText::array_of(const Json& object, const std::string& key) const {
  if (!object[key].is_array()) fail("expected an array at " + quote(key));
  return object[key];
}

/// Refuses depth before it is built, and keys given twice, of which the parser would keep one.
Json MetadataText::parse(const std::string& text, int max_depth) const {
  if (text.find('\0') != std::string::npos) fail("not valid JSON: it contains a zero byte");
  // The keys of the objects that are open, by depth.
  std::vector<std::vector<std::string>> keys(static_cast<std::size_t>(max_depth) + 2);
  const auto check = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > max_depth) fail("JSON nested deeper than expected");
    const auto level = static_cast<std::size_t>(depth);
    if (event == Json::parse_event_t::object_start) keys[level + 1].clear();
    if (event == Json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (std::ranges::find(keys[level], key) != keys[level].end())
        fail("the key " + quote(key) + " is given twice");
      if (keys[level].size() == kMaxKeys) fail("more keys than expected");
      keys[level].push_back(key);
    }
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception&) {
    fail("not valid JSON");
  }
}

}  // namespace nabla
