// SPDX-License-Identifier: MIT
#include "model/safetensors.h"

#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "nabla/base/error.h"

#include "support/safetensors_bytes.h"

namespace nabla::safetensors {
namespace {

using namespace testing_support;

void expect_refused(const std::string& bytes, const std::string& expected) {
  const std::string what =
      data_error([&] { parse(std::as_bytes(std::span(bytes)), "m.safetensors"); });
  EXPECT_NE(what.find(expected), std::string::npos) << what;
}

/// Tensors a (8 bytes), b (4 bytes) and an empty one, c, with the given offsets.
std::string file_with(const char* a, const char* b, const char* c, std::size_t data = 12) {
  return file_of(std::string(R"({"a":{"dtype":"F32","shape":[1,2],"data_offsets":)") + a +
                     R"(},"b":{"data_offsets":)" + b +
                     R"(,"dtype":"I16","shape":[2]},"c":{"dtype":"F64","shape":[7,0],)" +
                     R"("data_offsets":)" + c + "}}  ",
                 std::string(data, 'x'));
}

TEST(Safetensors, TensorsMayLieInAnyOrder) {
  const std::string bytes = file_with("[4,12]", "[0,4]", "[4,4]");
  const File file = parse(std::as_bytes(std::span(bytes)), "m.safetensors");
  ASSERT_EQ(file.tensors.size(), 3u);
  EXPECT_EQ(file.tensors.at("a").shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(file.tensors.at("b").dtype, "I16");
  EXPECT_EQ(file.tensors.at("a").data.size(), 8u);
  EXPECT_EQ(reinterpret_cast<const char*>(file.tensors.at("a").data.data()),
            bytes.data() + bytes.size() - 8);
}

TEST(Safetensors, BadOffsetsAreRefused) {
  expect_refused(file_with("[0,8]", "[4,8]", "[8,8]", 8), "overlap another tensor's");
  expect_refused(file_with("[0,8]", "[8,12]", "[4,4]"), "overlap another tensor's");
  expect_refused(file_with("[0,8]", "[12,16]", "[0,0]", 16), "leave a gap, expected to begin at 8");
  expect_refused(file_with("[1,9]", "[9,13]", "[1,1]", 13), "leave a gap, expected to begin at 0");
  expect_refused(file_with("[0,8]", "[8,12]", "[0,0]", 13), "1 bytes that belong to no tensor");
  expect_refused(file_with("[0,8]", "[8,12]", "[0,0]", 11), "within the 11 bytes of data");
  expect_refused(file_with("[8,0]", "[8,12]", "[0,0]"), "do not lie in order");
  expect_refused(file_with("[0,8]", "[8,12]", "[13,13]"), "do not lie in order");
  expect_refused(file_with("[0,4]", "[4,8]", "[0,0]", 8),
                 "span 4 bytes, expected 8 for F32 [1, 2]");
  expect_refused(file_with("[18446744073709551608,18446744073709551615]", "[0,4]", "[0,0]"),
                 "do not lie in order");
  expect_refused(file_with("[18446744073709551616,0]", "[0,4]", "[0,0]"), "a fraction");
}

TEST(Safetensors, ShapesThatOverflowAreRefused) {
  expect_refused(
      file_of(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", ""),
      "expected far more for F32 [4294967296, 4294967296]");
  expect_refused(file_of(R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", "x"), "span");
  std::string shape = "[1";
  for (int i = 0; i < 100; ++i) shape += ",1";
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":)" + shape + "]}}", ""), "dimensions");
}

TEST(Safetensors, HostileHeadersAreRefused) {
  expect_refused(std::string(8, '\xff'), "header length 18446744073709551615");
  expect_refused(file_of("", ""), "byte offset 8: the safetensors header is not valid JSON");
  expect_refused(file_of("{\"a\":}", ""), "byte offset 13: the safetensors header is not valid");
  expect_refused(file_of("{} {}", ""), "not valid JSON");
  expect_refused(file_of(std::string("{}\0{}", 5), ""), "byte offset 10");
  expect_refused(file_of("\xef\xbb\xbf{}", ""), "not valid JSON");
  expect_refused(file_of("{\"a\":1e999}", ""), "not valid JSON");
  expect_refused(file_of("{\"a\":7}", ""), "\"a\": a number is out of place");

  const std::string nested(1'000'000, '[');
  expect_refused(file_of("{\"a\":" + nested, ""), "an array is out of place");
  std::string objects = "{";
  for (int i = 0; i < 100'000; ++i) objects += "\"a\":{";
  expect_refused(file_of(objects, ""), "unknown key");
  const std::string entry = R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  expect_refused(file_of("{" + entry + "," + entry + "}", ""), "\"a\": given twice");
  expect_refused(file_of(R"({"__metadata__":{"k":"1","k":"2"}})", ""), "\"k\" is given twice");
  expect_refused(file_of(R"({"__metadata__":{},"__metadata__":{}})", ""), "given twice");
  expect_refused(file_of(R"({"a":{"dtype":"F32","dtype":"F32"}})", ""), "given twice");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[0]}})", ""), "incomplete");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[-1]}})", ""), "negative");
  expect_refused(file_of(R"({"a":{"dtype":"F32","data_offsets":[0]}})", ""), "two numbers");
  expect_refused(file_of(R"({"a":{"dtype":"F32","data_offsets":[0,0,0]}})", ""), "two numbers");
  expect_refused(file_of(R"({"a":{"dtype":"F12"}})", ""), "unknown element type \"F12\"");
  expect_refused(file_of("{\"a\\nb\":1}", ""), R"("a\nb")");  // stays on one line
}

TEST(Safetensors, HeaderIsPaddedAndSorted) {
  const std::string bytes = serialize_header({{"b", "2"}, {"a", "1"}}, {});
  EXPECT_EQ(bytes.size() % 8, 0u);
  EXPECT_EQ(header_length(bytes), bytes.size() - 8);
  EXPECT_EQ(header_of(bytes).dump(), R"({"__metadata__":{"a":"1","b":"2"}})");
}

}  // namespace
}  // namespace nabla::safetensors
