// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nabla {

/// The type of a tensor's elements.
enum class OnnxType { kFloat, kDouble, kText, kBool };

/// A named constant of a node.
struct OnnxAttribute {
  std::string name;
  std::variant<std::int64_t, float, std::vector<std::int64_t>, std::vector<std::string>> value;
};

/// An ONNX model of operator set 13, and of ai.onnx.ml's if a node is of it, while it grows node by
/// node. A tensor is known by its name; each has a name of its own, the wanted one or that with a
/// number behind it. Inputs and the output are matrices with a row per row of the data, whose
/// number is open. Knows nothing of networks. Specification: https://github.com/onnx/onnx,
/// docs/IR.md and docs/Operators.md. A build without ONNX's classes lacks it.
class OnnxGraph {
 public:
  using Tensor = std::string;

  OnnxGraph();
  ~OnnxGraph();
  OnnxGraph(const OnnxGraph&) = delete;
  OnnxGraph& operator=(const OnnxGraph&) = delete;

  /// Adds an input [rows × columns]. Characters that an identifier of C does not have become '_'.
  Tensor add_input(std::string_view name, OnnxType type, std::size_t columns);

  /// Adds a constant of this shape, row-major; T is float, double or std::int64_t.
  template <class T>
  Tensor add_constant(std::string_view name, std::span<const std::size_t> shape,
                      std::span<const T> elements);

  /// Adds a node and returns its only output; the empty domain is ONNX's own.
  Tensor add_node(std::string_view operation, const std::vector<Tensor>& inputs,
                  std::string_view output, const std::vector<OnnxAttribute>& attributes = {},
                  std::string_view domain = {});
  Tensor add_cast(const Tensor& input, OnnxType type, std::string_view output);

  /// States the type of a node's output, for operators whose result onnx.checker cannot tell.
  void set_type(const Tensor& tensor, OnnxType type);

  /// Makes the newest node's output the model's, [rows × columns], under this name.
  void set_output(std::string_view name, OnnxType type, std::size_t columns);

  /// Adds a text that readers of the model find under this key.
  void add_metadata(const std::string& key, const std::string& value);

  /// Returns the bytes of an ONNX file. Throws ConfigError if they are more than the format's 2 GB.
  std::string bytes(const std::string& description) const;

 private:
  struct Content;

  std::string unique(std::string_view name);

  std::unique_ptr<Content> content_;
};

}  // namespace nabla
