// SPDX-License-Identifier: MIT
#include "run/dataset_message.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

/// Numbers as they are in memory.
template <class T>
Json binary(std::span<const T> numbers) {
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<std::uint8_t> bytes(numbers.size_bytes());
  if (!bytes.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return Json::binary(std::move(bytes));
}

template <class T>
std::vector<T> numbers_in(const Json& json) {
  const std::vector<std::uint8_t>& bytes = json.get_binary();
  std::vector<T> numbers(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

Json message_of(const Matrix<double>& matrix) {
  return {matrix.rows(), matrix.cols(), matrix.stride(), binary(matrix.elements())};
}

Matrix<double> to_matrix(const Json& json) {
  Matrix<double> matrix(json[0], json[1], json[2]);
  std::ranges::copy(numbers_in<double>(json[3]), matrix.elements().begin());
  return matrix;
}

Json message_of(const OneHot& one_hot) {
  Json json = Json::array();
  for (const OneHotColumn& column : one_hot.columns)
    json.push_back(Json{column.feature, column.categories});
  return json;
}

OneHot to_one_hot(const Json& json) {
  OneHot one_hot;
  for (const Json& column : json) one_hot.columns.push_back({column[0], column[1]});
  return one_hot;
}

Json message_of(const TableColumns& columns) {
  return {columns.count,   columns.names,
          columns.targets, columns.weights ? Json(*columns.weights) : Json(),
          columns.ignored, columns.missing_values};
}

TableColumns to_columns(const Json& json) {
  TableColumns columns{.count = json[0],
                       .names = json[1],
                       .targets = json[2],
                       .weights = {},
                       .ignored = json[4],
                       .missing_values = json[5]};
  if (!json[3].is_null()) columns.weights = json[3].get<std::size_t>();
  return columns;
}

Json message_of(const CsvFormat& format) {
  return {static_cast<int>(format.separator), static_cast<int>(format.decimal),
          static_cast<int>(format.header)};
}

CsvFormat to_format(const Json& json) {
  return {static_cast<CsvSeparator>(json[0].get<int>()),
          static_cast<CsvDecimal>(json[1].get<int>()), static_cast<CsvHeader>(json[2].get<int>())};
}

/// The places of all rows, or of the first if the others follow it.
Json message_of(const RowOrigin& origin, std::size_t rows) {
  Json files = Json::array();
  for (const RowOrigin::File& file : origin.files())
    files.push_back(Json{file.name, file.first_row, binary(std::span(file.runs))});
  std::vector<std::uint32_t> places(rows);
  bool is_in_order = true;
  for (std::size_t i = 0; i < rows; ++i) {
    places[i] = static_cast<std::uint32_t>(origin.index(i));
    is_in_order = is_in_order && places[i] == places[0] + i;
  }
  if (is_in_order) return {files, rows == 0 ? 0 : origin.index(0)};
  return {files, binary(std::span<const std::uint32_t>(places))};
}

RowOrigin to_origin(const Json& json) {
  std::vector<RowOrigin::File> files;
  for (const Json& file : json[0])
    files.push_back({file[0], file[1], numbers_in<RowOrigin::Run>(file[2])});
  const RowOrigin all = files.empty() ? RowOrigin() : RowOrigin(std::move(files));
  return json[1].is_binary() ? all.select(numbers_in<std::uint32_t>(json[1])) : all.slice(json[1]);
}

}  // namespace

std::string to_bytes(const Dataset& data) {
  const Json json = {{"task", static_cast<int>(data.task)},
                     {"labels", binary(std::span(data.labels))},
                     {"classes", data.classes},
                     {"targets", message_of(data.targets)},
                     {"weights", binary(std::span(data.weights))},
                     {"image", {data.image_height, data.image_width}},
                     {"one_hot", message_of(data.one_hot)},
                     {"columns", message_of(data.columns)},
                     {"format", message_of(data.format)},
                     {"origin", message_of(data.origin, data.rows())},
                     {"warnings", data.warnings}};
  std::string bytes;
  Json::to_msgpack(json, bytes);
  return bytes;
}

Dataset dataset_message(const std::string& bytes) {
  const Json json = Json::from_msgpack(bytes);
  return {.features = {},
          .task = static_cast<Task>(json["task"].get<int>()),
          .labels = numbers_in<std::uint32_t>(json["labels"]),
          .classes = json["classes"],
          .targets = to_matrix(json["targets"]),
          .weights = numbers_in<double>(json["weights"]),
          .image_height = json["image"][0],
          .image_width = json["image"][1],
          .one_hot = to_one_hot(json["one_hot"]),
          .columns = to_columns(json["columns"]),
          .format = to_format(json["format"]),
          .origin = to_origin(json["origin"]),
          .warnings = json["warnings"]};
}

}  // namespace nabla
