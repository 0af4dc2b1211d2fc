// SPDX-License-Identifier: MIT
#include "export/onnx.h"

#ifdef NABLA_HAS_ONNX

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/base/version.h"

#include "export/onnx_graph.h"
#include "export/onnx_inputs.h"
#include "model/batch_norm.h"

#else

#include "nabla/base/error.h"

#endif

namespace nabla {

#ifdef NABLA_HAS_ONNX

namespace {

using Tensor = OnnxGraph::Tensor;

/// Adds the nodes of one layer's activation; `name` is that of its result. Nodes for doubles are
/// such as ONNX Runtime can compute, which has neither Elu nor Softplus for them, nor the product
/// z · Sigmoid(z), which it makes a QuickGelu of. (Nor has it Erf, which nothing replaces.)
template <class T>
class ActivationWriter {
 public:
  ActivationWriter(OnnxGraph& graph, Tensor z, std::string name)
      : graph_(graph), z_(std::move(z)), name_(std::move(name)) {}

  Tensor write(Activation activation) {
    constexpr bool kIsFloat = kOnnxType<T> == OnnxType::kFloat;
    switch (activation) {
      case Activation::kSigmoid:
        return result("Sigmoid", {z_});
      case Activation::kSoftmax:
        return graph_.add_node("Softmax", {z_}, name_, {{"axis", std::int64_t{1}}});
      case Activation::kTanh:
        return result("Tanh", {z_});
      case Activation::kScaledTanh:
        return scaled_tanh();
      case Activation::kRelu:
        return result("Relu", {z_});
      case Activation::kLeakyRelu:  // the slope as an attribute would be a float
        return result("Max", {z_, part("Mul", {z_, scalar("slope", 0.01)})});
      case Activation::kElu:
        return kIsFloat ? result("Elu", {z_}) : elu();
      case Activation::kGelu:
        return gelu();
      case Activation::kSilu:
        return kIsFloat ? result("Mul", {z_, part("Sigmoid", {z_})}) : silu();
      case Activation::kSoftplus:
        return kIsFloat ? result("Softplus", {z_}) : softplus();
      case Activation::kIdentity:
        return z_;
    }
    return z_;
  }

 private:
  Tensor scaled_tanh() {
    const Tensor tanh = part("Tanh", {part("Mul", {z_, scalar("tanh_slope", kScaledTanhSlope)})});
    return result("Mul", {tanh, scalar("tanh_height", kScaledTanhHeight)});
  }

  /// max(z, 0) + exp(min(z, 0)) − 1
  Tensor elu() {
    const Tensor zero = scalar("zero", 0);
    const Tensor e = part("Exp", {part("Min", {z_, zero})});
    return result("Add", {part("Max", {z_, zero}), part("Sub", {e, scalar("one", 1)})});
  }

  /// z/2 · (1 + erf(z/√2))
  Tensor gelu() {
    const Tensor erf = part("Erf", {part("Mul", {z_, scalar("root_of_half", std::sqrt(0.5))})});
    const Tensor twice = part("Add", {erf, scalar("one", 1)});
    return result("Mul", {part("Mul", {z_, scalar("half", 0.5)}), twice});
  }

  /// z / (1 + exp(−z))
  Tensor silu() {
    const Tensor e = part("Exp", {part("Neg", {z_})});
    return result("Div", {z_, part("Add", {e, scalar("one", 1)})});
  }

  /// max(z, 0) + ln(1 + exp(−|z|))
  Tensor softplus() {
    const Tensor e = part("Exp", {part("Neg", {part("Abs", {z_})})});
    const Tensor log = part("Log", {part("Add", {e, scalar("one", 1)})});
    return result("Add", {part("Relu", {z_}), log});
  }

  Tensor scalar(const char* name, double value) {
    const T element = static_cast<T>(value);
    return graph_.add_constant<T>(name, {}, std::span(&element, 1));
  }
  Tensor result(const char* operation, const std::vector<Tensor>& inputs) {
    return graph_.add_node(operation, inputs, name_);
  }
  Tensor part(const char* operation, const std::vector<Tensor>& inputs) {
    return graph_.add_node(operation, inputs, name_ + "_" + operation);
  }

  OnnxGraph& graph_;
  Tensor z_;
  std::string name_;
};

/// Adds the layers behind the inputs and returns the network's outputs.
template <class T>
Tensor add_layers(OnnxGraph& graph, const Network<T>& network, const OnnxInputs& inputs) {
  Tensor a = inputs.tensor;
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const Layer& layer = network.topology().layers()[i];
    const MatrixView<const T> weight = network.weight(i);
    std::vector<T> elements;
    elements.reserve(weight.rows * weight.cols);
    for (std::size_t row = 0; row < weight.rows; ++row)
      for (std::size_t k = 0; k < weight.cols; ++k)
        elements.push_back(weight(row, i == 0 ? inputs.order[k] : k));
    const std::string number = std::to_string(i);
    const std::size_t shape[] = {layer.outputs, layer.inputs}, length[] = {layer.outputs};
    const Tensor w =
        graph.add_constant<T>("weight_" + number, shape, std::span(std::as_const(elements)));
    const Tensor b = graph.add_constant<T>("bias_" + number, length, network.bias(i));
    const std::string level = std::to_string(i + 1);
    const Tensor z = graph.add_node("Gemm", {a, w, b}, "z_" + level, {{"transB", std::int64_t{1}}});
    a = ActivationWriter<T>(graph, z, "a_" + level).write(layer.activation);
  }
  return a;
}

/// Maps standardised outputs back to the unit of the targets and returns the type that they have.
template <class T>
OnnxType add_target_scaling(OnnxGraph& graph, Tensor a, const TargetScaling& scaling) {
  if (scaling.is_identity()) return kOnnxType<T>;
  const std::size_t shape[] = {1, scaling.divisor.size()};
  const auto add = [&]<class W>(W) {
    const std::vector<W> divisor(scaling.divisor.begin(), scaling.divisor.end());
    const std::vector<W> shift(scaling.shift.begin(), scaling.shift.end());
    const Tensor factor = graph.add_constant<W>("target_divisor", shape, std::span(divisor));
    const Tensor addend = graph.add_constant<W>("target_shift", shape, std::span(shift));
    graph.add_node("Add", {graph.add_node("Mul", {a, factor}, "scaled_outputs"), addend},
                   "outputs");
    return kOnnxType<W>;
  };
  if (std::is_same_v<T, double> || !is_far_from_zero(scaling.shift, scaling.divisor))
    return add(T());
  a = graph.add_cast(a, OnnxType::kDouble, "outputs_in_double");
  return add(double());
}

template <class T>
void add_model_metadata(OnnxGraph& graph, const Model<T>& model) {
  using Json = nlohmann::ordered_json;
  graph.add_metadata("nabla_version", std::string(version()));
  graph.add_metadata("task", std::string(name_of(model.task)));
  graph.add_metadata("precision", std::string(name_of(model.precision)));
  if (model.task == Task::kClassification)
    graph.add_metadata("classes", Json(model.classes).dump());
  else
    graph.add_metadata("targets",
                       Json(model.columns.target_names(model.network.topology().outputs())).dump());
}

/// Returns a description for people.
template <class T>
std::string description_text(const Model<T>& model) {
  std::string text =
      "A multilayer perceptron with its preprocessing, trained by nabla. The columns of the input "
      "features are those of the metadata features, in that order; each column of categories is an "
      "input of texts of its own, \"\" for a missing one.";
  if (!model.preprocess.missing.is_identity()) text += " A missing number is NaN.";
  if (model.precision == Precision::kBfloat16)
    text +=
        " The model was trained with products of operands rounded to bfloat16; this graph computes "
        "with its parameters in float32.";
  return text;
}

}  // namespace

template <class T>
std::string onnx_bytes(const Model<T>& model, UnknownCategory unknown_category) {
  const bool is_normalized = model.network.topology().batch_norm();
  const Network<T> network = is_normalized ? fold_batch_norm(model.network) : model.network;
  OnnxGraph graph;
  add_model_metadata(graph, model);
  const Tensor a = add_layers(graph, network, add_inputs(graph, model, unknown_category));
  const OnnxType type = add_target_scaling<T>(graph, a, model.preprocess.targets);
  const Activation output = network.topology().layers().back().activation;
  const bool has_probabilities =
      model.task != Task::kRegression && traits_of(output).probabilities != Probabilities::kNone;
  graph.set_output(has_probabilities ? "probabilities" : "prediction", type,
                   network.topology().outputs());
  return graph.bytes(description_text(model));
}

#else

template <class T>
std::string onnx_bytes(const Model<T>&, UnknownCategory) {
  throw ConfigError(
      "this nabla was built without ONNX, expected one built where libonnx-dev and libprotobuf-dev "
      "are installed; .npz and .safetensors need neither");
}

#endif

template std::string onnx_bytes(const Model<float>&, UnknownCategory);
template std::string onnx_bytes(const Model<double>&, UnknownCategory);

}  // namespace nabla
