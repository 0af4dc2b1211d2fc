// SPDX-License-Identifier: MIT
//
// All of ONNX's classes are used here; no other file includes them.
#include "export/onnx_graph.h"

#include <cstdint>
#include <limits>
#include <set>
#include <type_traits>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/base/version.h"

#define ONNX_ML 1  // the schema with the operators of ai.onnx.ml, as Debian compiles it
#include <onnx/onnx_pb.h>

namespace nabla {

namespace {

// Operator sets 13 and, of ai.onnx.ml, 2 came with version 7 of the file format (ONNX 1.8).
constexpr int kFormat = 7;
constexpr int kOperators = 13;
constexpr int kMlOperators = 2;

onnx::TensorProto::DataType data_type(OnnxType type) {
  switch (type) {
    case OnnxType::kFloat:
      return onnx::TensorProto::FLOAT;
    case OnnxType::kDouble:
      return onnx::TensorProto::DOUBLE;
    case OnnxType::kText:
      return onnx::TensorProto::STRING;
    case OnnxType::kBool:
      return onnx::TensorProto::BOOL;
  }
  return onnx::TensorProto::UNDEFINED;
}

template <class T>
constexpr auto kTypeOf = std::is_same_v<T, float>    ? onnx::TensorProto::FLOAT
                         : std::is_same_v<T, double> ? onnx::TensorProto::DOUBLE
                                                     : onnx::TensorProto::INT64;

void describe(onnx::ValueInfoProto& value, const std::string& name, OnnxType type,
              std::size_t columns) {
  value.set_name(name);
  onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(data_type(type));
  tensor.mutable_shape()->add_dim()->set_dim_param("rows");
  tensor.mutable_shape()->add_dim()->set_dim_value(static_cast<std::int64_t>(columns));
}

struct SetAttribute {
  onnx::AttributeProto& attribute;

  void operator()(std::int64_t value) const {
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }
  void operator()(float value) const {
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(value);
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) attribute.add_ints(value);
  }
  void operator()(const std::vector<std::string>& values) const {
    attribute.set_type(onnx::AttributeProto::STRINGS);
    for (const std::string& value : values) attribute.add_strings(value);
  }
};

}  // namespace

struct OnnxGraph::Content {
  onnx::ModelProto model;
  std::set<std::string> names;
  bool has_ml_operators = false;

  onnx::GraphProto& graph() { return *model.mutable_graph(); }
};

OnnxGraph::OnnxGraph() : content_(std::make_unique<Content>()) {
  onnx::ModelProto& model = content_->model;
  model.set_ir_version(kFormat);
  model.set_producer_name("nabla");
  model.set_producer_version(std::string(version()));
  content_->graph().set_name("nabla");
  model.add_opset_import()->set_version(kOperators);
}

OnnxGraph::~OnnxGraph() = default;

/// Returns the name as an identifier of C that no tensor has yet.
std::string OnnxGraph::unique(std::string_view name) {
  const auto is_letter = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string wanted(name);
  for (char& c : wanted)
    if (!is_letter(c) && !is_digit(c)) c = '_';
  if (wanted.empty() || is_digit(wanted.front())) wanted.insert(0, "_");
  std::string result = wanted;
  for (int i = 2; !content_->names.insert(result).second; ++i)
    result = wanted + "_" + std::to_string(i);
  return result;
}

OnnxGraph::Tensor OnnxGraph::add_input(std::string_view name, OnnxType type, std::size_t columns) {
  Tensor input = unique(name);
  describe(*content_->graph().add_input(), input, type, columns);
  return input;
}

template <class T>
OnnxGraph::Tensor OnnxGraph::add_constant(std::string_view name, std::span<const std::size_t> shape,
                                          std::span<const T> elements) {
  Tensor constant = unique(name);
  onnx::TensorProto& tensor = *content_->graph().add_initializer();
  tensor.set_name(constant);
  tensor.set_data_type(kTypeOf<T>);
  for (const std::size_t side : shape) tensor.add_dims(static_cast<std::int64_t>(side));
  tensor.set_raw_data(elements.data(), elements.size_bytes());
  return constant;
}

OnnxGraph::Tensor OnnxGraph::add_node(std::string_view operation, const std::vector<Tensor>& inputs,
                                      std::string_view output,
                                      const std::vector<OnnxAttribute>& attributes,
                                      std::string_view domain) {
  Tensor result = unique(output);
  onnx::NodeProto& node = *content_->graph().add_node();
  node.set_op_type(std::string(operation));
  node.set_domain(std::string(domain));
  node.set_name(result);
  for (const Tensor& input : inputs) node.add_input(input);
  node.add_output(result);
  for (const OnnxAttribute& attribute : attributes) {
    onnx::AttributeProto& added = *node.add_attribute();
    added.set_name(attribute.name);
    std::visit(SetAttribute{added}, attribute.value);
  }
  if (!domain.empty() && !std::exchange(content_->has_ml_operators, true)) {
    onnx::OperatorSetIdProto& operators = *content_->model.add_opset_import();
    operators.set_domain(std::string(domain));
    operators.set_version(kMlOperators);
  }
  return result;
}

OnnxGraph::Tensor OnnxGraph::add_cast(const Tensor& input, OnnxType type, std::string_view output) {
  return add_node("Cast", {input}, output, {{"to", std::int64_t{data_type(type)}}});
}

void OnnxGraph::set_type(const Tensor& tensor, OnnxType type) {
  onnx::ValueInfoProto& value = *content_->graph().add_value_info();
  value.set_name(tensor);
  value.mutable_type()->mutable_tensor_type()->set_elem_type(data_type(type));
}

void OnnxGraph::set_output(std::string_view name, OnnxType type, std::size_t columns) {
  const std::string output = unique(name);
  onnx::GraphProto& graph = content_->graph();
  graph.mutable_node(graph.node_size() - 1)->set_output(0, output);
  describe(*graph.add_output(), output, type, columns);
}

void OnnxGraph::add_metadata(const std::string& key, const std::string& value) {
  onnx::StringStringEntryProto& entry = *content_->model.add_metadata_props();
  entry.set_key(key);
  entry.set_value(value);
}

std::string OnnxGraph::bytes(const std::string& description) const {
  content_->model.set_doc_string(description);
  const std::size_t size = content_->model.ByteSizeLong();
  if (size > std::numeric_limits<std::int32_t>::max())
    throw ConfigError("an ONNX file of " + std::to_string(size) +
                      " bytes, expected at most 2147483647, which the format can hold; .npz and "
                      ".safetensors have no such limit");
  return content_->model.SerializeAsString();
}

template OnnxGraph::Tensor OnnxGraph::add_constant(std::string_view, std::span<const std::size_t>,
                                                   std::span<const float>);
template OnnxGraph::Tensor OnnxGraph::add_constant(std::string_view, std::span<const std::size_t>,
                                                   std::span<const double>);
template OnnxGraph::Tensor OnnxGraph::add_constant(std::string_view, std::span<const std::size_t>,
                                                   std::span<const std::int64_t>);

}  // namespace nabla
