// SPDX-License-Identifier: MIT
#include "model/output_layer.h"

#include <algorithm>
#include <cmath>

#include "math/elementwise.h"

namespace nabla {

namespace {

/// The views of one range of rows that output_layer works on.
template <class T>
struct Outputs {
  std::span<const T> bias;
  MatrixView<T> a;
  MatrixView<T> delta;
  MatrixView<const T> y;
  std::span<double> cost;
};

/// a ← f(a + bias); an empty bias adds nothing.
template <class T>
void apply(Activation activation, std::span<const T> bias, MatrixView<T> a) {
  if (traits_of(activation).is_elementwise())
    elementwise::add_bias_apply(activation, bias, a);
  else
    elementwise::add_bias_softmax<T>(bias, a, {});
}

/// δ ← a − y, which is ∂C/∂z of cross-entropy with sigmoid or softmax.
template <class T>
void subtract_targets(const Outputs<T>& out) {
  for (std::size_t r = 0; r < out.a.rows; ++r) {
    const T* a = out.a.row(r).data();
    const T* y = out.y.row(r).data();
    T* delta = out.delta.row(r).data();
    for (std::size_t j = 0; j < out.a.cols; ++j) delta[j] = a[j] - y[j];
  }
}

template <class T>
void cross_entropy(Activation activation, const Outputs<T>& out) {
  elementwise::add_bias_apply(Activation::kIdentity, out.bias, out.a);  // a holds z
  if (traits_of(activation).is_elementwise())
    elementwise::sigmoid_cross_entropy<T>(out.a, out.y, out.cost);
  else
    elementwise::softmax_cross_entropy<T>(out.a, out.y, out.cost);
  apply<T>(activation, {}, out.a);
  subtract_targets(out);
}

/// δ ← δ · ∂a/∂z if the outputs of a row depend on each other: a_j (δ_j − Σ_k δ_k a_k).
template <class T>
void multiply_softmax_derivative(const Outputs<T>& out) {
  for (std::size_t r = 0; r < out.a.rows; ++r) {
    const auto a = out.a.row(r);
    const auto delta = out.delta.row(r);
    T dot = 0;
    for (std::size_t j = 0; j < a.size(); ++j) dot += delta[j] * a[j];
    for (std::size_t j = 0; j < a.size(); ++j) delta[j] = a[j] * (delta[j] - dot);
  }
}

/// δ ← δ · ∂a/∂z, δ holding ∂C/∂a.
template <class T>
void multiply_output_derivative(Activation activation, const Outputs<T>& out) {
  if (traits_of(activation).is_elementwise())
    elementwise::multiply_derivative<T>(activation, out.a, out.delta);
  else
    multiply_softmax_derivative(out);
}

/// C = factor/2 · Σ_j(y_j−a_j)², ∂C/∂a = factor · (a − y): factor 1 is quadratic, 2/outputs mse.
template <class T>
void squared_error(Activation activation, T factor, const Outputs<T>& out) {
  apply(activation, out.bias, out.a);
  for (std::size_t r = 0; r < out.a.rows; ++r) {
    const T* a = out.a.row(r).data();
    const T* y = out.y.row(r).data();
    T* delta = out.delta.row(r).data();
    double sum = 0;
    for (std::size_t j = 0; j < out.a.cols; ++j) {
      const T difference = a[j] - y[j];
      delta[j] = factor * difference;
      sum += static_cast<double>(difference) * static_cast<double>(difference);
    }
    out.cost[r] = 0.5 * static_cast<double>(factor) * sum;
  }
  multiply_output_derivative(activation, out);
}

/// C = (1/outputs) Σ_j h(a_j−y_j), see Cost::kHuber, with ∂h/∂d = d cut off at ±bound.
template <class T>
void huber(Activation activation, double bound, const Outputs<T>& out) {
  apply(activation, out.bias, out.a);
  const auto outputs = static_cast<double>(out.a.cols);
  for (std::size_t r = 0; r < out.a.rows; ++r) {
    double sum = 0;
    for (std::size_t j = 0; j < out.a.cols; ++j) {
      const double d = static_cast<double>(out.a(r, j)) - static_cast<double>(out.y(r, j));
      const double cut = std::clamp(d, -bound, bound);
      out.delta(r, j) = static_cast<T>(cut / outputs);
      sum += cut * (d - 0.5 * cut);
    }
    out.cost[r] = sum / outputs;
  }
  multiply_output_derivative(activation, out);
}

template <class T>
void multiply_weights(std::span<const double> weights, const Outputs<T>& out) {
  for (std::size_t r = 0; r < weights.size(); ++r) {
    out.cost[r] *= weights[r];
    for (T& delta : out.delta.row(r)) delta *= static_cast<T>(weights[r]);
  }
}

template <class T>
double misfit(Task task, std::span<const T> a, std::span<const T> y,
              std::span<const double> scale) {
  if (task == Task::kClassification) return argmax(a) == argmax(y) ? 0.0 : 1.0;
  if (task == Task::kMultiLabel)
    return std::ranges::equal(a, y, {}, has_label<T>, has_label<T>) ? 0.0 : 1.0;
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    double difference = static_cast<double>(y[j]) - static_cast<double>(a[j]);
    if (!scale.empty()) difference *= scale[j];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

template <class P>
void output_layer(const Network<ParameterOf<P>>& network, const CostFunction& cost, Task task,
                  Workspace<P>& workspace, RowRange rows, std::span<const double> misfit_scale) {
  using T = SumOf<P>;
  const std::size_t last = network.layers() - 1;
  const Activation activation = network.topology().layers()[last].activation;
  const Outputs<T> out{network.bias(last), workspace.activation(last + 1, rows),
                       workspace.delta(last, rows), workspace.target(rows), workspace.cost(rows)};
  switch (cost.kind) {
    case Cost::kQuadratic:
      squared_error(activation, T(1), out);
      break;
    case Cost::kMse:
      squared_error(activation, T(2) / static_cast<T>(out.a.cols), out);
      break;
    case Cost::kCrossEntropy:
      cross_entropy(activation, out);
      break;
    case Cost::kHuber:
      huber(activation, cost.huber_delta, out);
      break;
  }
  multiply_weights(workspace.weight(rows), out);
  const std::span<double> misfits = workspace.misfit(rows);
  for (std::size_t r = 0; r < rows.count; ++r)
    misfits[r] = misfit<T>(task, out.a.row(r), out.y.row(r), misfit_scale);
}

template <class P>
void output_activation(const Network<ParameterOf<P>>& network, Workspace<P>& workspace,
                       RowRange rows) {
  const std::size_t last = network.layers() - 1;
  const Activation activation = network.topology().layers()[last].activation;
  apply(activation, network.bias(last), workspace.activation(last + 1, rows));
}

template void output_layer(const Network<float>&, const CostFunction&, Task, Workspace<Float32>&,
                           RowRange, std::span<const double>);
template void output_layer(const Network<float>&, const CostFunction&, Task, Workspace<Bfloat16>&,
                           RowRange, std::span<const double>);
template void output_layer(const Network<double>&, const CostFunction&, Task, Workspace<Float64>&,
                           RowRange, std::span<const double>);
template void output_activation(const Network<float>&, Workspace<Float32>&, RowRange);
template void output_activation(const Network<float>&, Workspace<Bfloat16>&, RowRange);
template void output_activation(const Network<double>&, Workspace<Float64>&, RowRange);

}  // namespace nabla
