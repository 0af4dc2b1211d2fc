// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <vector>

#include "nabla/model/model.h"

inline double normal_distribution(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

inline double normal_density(double z) {
  return std::exp(-0.5 * z * z) / std::sqrt(2 * 3.14159265358979323846);
}

/// The mathematics of the library once more, in double, one row and one scalar at a time, with the
/// chain rule written out and none of the library's short cuts.
namespace nabla::testing_support {

using Vector = std::vector<double>;

struct NaiveLayer {
  std::vector<Vector> w;  ///< [outputs][inputs]
  Vector b;
  Activation activation;
};

class NaiveNetwork {
 public:
  template <class T>
  explicit NaiveNetwork(const Model<T>& model) : cost_(model.cost) {
    for (std::size_t i = 0; i < model.network.layers(); ++i) {
      NaiveLayer layer{{}, {}, model.network.topology().layers()[i].activation};
      for (std::size_t r = 0; r < model.network.weight(i).rows; ++r) {
        const auto row = model.network.weight(i).row(r);
        layer.w.emplace_back(row.begin(), row.end());
      }
      layer.b.assign(model.network.bias(i).begin(), model.network.bias(i).end());
      layers_.push_back(layer);
    }
  }

  const std::vector<NaiveLayer>& layers() const { return layers_; }

  /// Activations of all layers, the inputs first.
  std::vector<Vector> forward(const Vector& x) const {
    std::vector<Vector> a = {x};
    for (std::size_t i = 0; i < layers_.size(); ++i)
      a.push_back(apply(layers_[i].activation, weighted_inputs(i, a.back())));
    return a;
  }

  /// z of layer i from its inputs.
  Vector weighted_inputs(std::size_t i, const Vector& a) const {
    Vector z = layers_[i].b;
    for (std::size_t j = 0; j < z.size(); ++j)
      for (std::size_t k = 0; k < a.size(); ++k) z[j] += layers_[i].w[j][k] * a[k];
    return z;
  }

  double cost(const Vector& a, const Vector& y) const {
    double sum = 0;
    for (std::size_t j = 0; j < a.size(); ++j) {
      const double d = std::abs(y[j] - a[j]), bound = cost_.huber_delta;
      if (cost_.kind == Cost::kHuber)
        sum +=
            (d <= bound ? 0.5 * d * d : bound * (d - 0.5 * bound)) / static_cast<double>(a.size());
      if (cost_.kind == Cost::kQuadratic) sum += 0.5 * (y[j] - a[j]) * (y[j] - a[j]);
      if (cost_.kind == Cost::kMse)
        sum += (y[j] - a[j]) * (y[j] - a[j]) / static_cast<double>(a.size());
      if (cost_.kind == Cost::kCrossEntropy) {
        if (y[j] > 0) sum -= y[j] * std::log(a[j]);
        if (layers_.back().activation == Activation::kSigmoid && y[j] < 1)
          sum -= (1 - y[j]) * std::log(1 - a[j]);
      }
    }
    return sum;
  }

  /// One step on these rows, weighted where there are weights; returns their summed cost before it.
  double step(const std::vector<Vector>& x, const std::vector<Vector>& y, double rate, double l2,
              const Vector& weights = {}) {
    std::vector<NaiveLayer> nabla = layers_;
    for (NaiveLayer& layer : nabla) {
      for (Vector& row : layer.w) row.assign(row.size(), 0.0);
      layer.b.assign(layer.b.size(), 0.0);
    }
    double total = 0;
    for (std::size_t row = 0; row < x.size(); ++row) {
      const std::vector<Vector> a = forward(x[row]);
      const double weight = weights.empty() ? 1.0 : weights[row];
      total += weight * cost(a.back(), y[row]);
      Vector gradient = cost_derivative(a.back(), y[row]);
      for (double& g : gradient) g *= weight;
      for (std::size_t i = layers_.size(); i-- > 0;) {
        const Vector delta =
            times_jacobian(layers_[i].activation, weighted_inputs(i, a[i]), a[i + 1], gradient);
        gradient.assign(a[i].size(), 0.0);
        for (std::size_t j = 0; j < delta.size(); ++j) {
          nabla[i].b[j] += delta[j];
          for (std::size_t k = 0; k < a[i].size(); ++k) {
            nabla[i].w[j][k] += delta[j] * a[i][k];
            gradient[k] += delta[j] * layers_[i].w[j][k];
          }
        }
      }
    }
    const auto m = static_cast<double>(x.size());
    for (std::size_t i = 0; i < layers_.size(); ++i)
      for (std::size_t j = 0; j < layers_[i].b.size(); ++j) {
        layers_[i].b[j] -= rate * nabla[i].b[j] / m;
        for (std::size_t k = 0; k < layers_[i].w[j].size(); ++k)
          layers_[i].w[j][k] -= rate * (nabla[i].w[j][k] / m + l2 * layers_[i].w[j][k]);
      }
    return total;
  }

  /// The largest difference of any weight or bias from the network's.
  template <class T>
  double distance(const Network<T>& network) const {
    double largest = 0;
    const auto compare = [&](double mine, T other) {
      largest = std::max(largest, std::abs(mine - static_cast<double>(other)));
    };
    for (std::size_t i = 0; i < layers_.size(); ++i)
      for (std::size_t j = 0; j < layers_[i].b.size(); ++j) {
        compare(layers_[i].b[j], network.bias(i)[j]);
        for (std::size_t k = 0; k < layers_[i].w[j].size(); ++k)
          compare(layers_[i].w[j][k], network.weight(i)(j, k));
      }
    return largest;
  }

 private:
  static Vector apply(Activation activation, const Vector& z) {
    Vector a = z;
    double sum = 0;
    for (double& x : a) {
      if (activation == Activation::kSigmoid) x = 1 / (1 + std::exp(-x));
      if (activation == Activation::kTanh) x = std::tanh(x);
      if (activation == Activation::kRelu) x = x > 0 ? x : 0;
      if (activation == Activation::kLeakyRelu) x = x > 0 ? x : 0.01 * x;
      if (activation == Activation::kElu) x = x > 0 ? x : std::exp(x) - 1;
      if (activation == Activation::kGelu) x *= normal_distribution(x);
      if (activation == Activation::kSoftplus) x = std::log(1 + std::exp(x));
      if (activation == Activation::kSoftmax) sum += x = std::exp(x);
    }
    if (activation == Activation::kSoftmax)
      for (double& x : a) x /= sum;
    return a;
  }

  /// ∂C/∂a
  Vector cost_derivative(const Vector& a, const Vector& y) const {
    Vector gradient(a.size());
    for (std::size_t j = 0; j < a.size(); ++j) {
      gradient[j] = a[j] - y[j];
      if (cost_.kind == Cost::kHuber) {
        if (std::abs(gradient[j]) > cost_.huber_delta)
          gradient[j] = gradient[j] > 0 ? cost_.huber_delta : -cost_.huber_delta;
        gradient[j] /= static_cast<double>(a.size());
      }
      if (cost_.kind == Cost::kMse) gradient[j] *= 2.0 / static_cast<double>(a.size());
      if (cost_.kind == Cost::kCrossEntropy)
        gradient[j] = layers_.back().activation == Activation::kSigmoid
                          ? (1 - y[j]) / (1 - a[j]) - y[j] / a[j]
                          : -y[j] / a[j];
    }
    return gradient;
  }

  /// ∂C/∂z_k = Σ_j ∂C/∂a_j ∂a_j/∂z_k
  static Vector times_jacobian(Activation activation, const Vector& z, const Vector& a,
                               const Vector& gradient) {
    Vector delta(a.size());
    for (std::size_t k = 0; k < a.size(); ++k) {
      if (activation == Activation::kIdentity) delta[k] = gradient[k];
      if (activation == Activation::kSigmoid) delta[k] = gradient[k] * a[k] * (1 - a[k]);
      if (activation == Activation::kTanh) delta[k] = gradient[k] * (1 - a[k] * a[k]);
      if (activation == Activation::kRelu) delta[k] = a[k] > 0 ? gradient[k] : 0;
      if (activation == Activation::kLeakyRelu) delta[k] = gradient[k] * (z[k] > 0 ? 1 : 0.01);
      if (activation == Activation::kElu) delta[k] = gradient[k] * (z[k] > 0 ? 1 : std::exp(z[k]));
      if (activation == Activation::kGelu)
        delta[k] = gradient[k] * (normal_distribution(z[k]) + z[k] * normal_density(z[k]));
      if (activation == Activation::kSoftplus) delta[k] = gradient[k] / (1 + std::exp(-z[k]));
      if (activation == Activation::kSoftmax)
        for (std::size_t j = 0; j < a.size(); ++j)
          delta[k] += gradient[j] * a[j] * ((j == k ? 1.0 : 0.0) - a[k]);
    }
    return delta;
  }

  CostFunction cost_;
  std::vector<NaiveLayer> layers_;
};

/// The features of one row, as doubles.
inline Vector features_of(const Dataset& data, std::size_t row) {
  return std::visit(
      [&](const auto& features) {
        const auto values = features.row(row);
        return Vector(values.begin(), values.end());
      },
      data.features);
}

/// The targets of one row; 0 and 1 for a classification.
inline Vector targets_of(const Dataset& data, std::size_t row) {
  if (data.task == Task::kRegression)
    return {data.targets.row(row).begin(), data.targets.row(row).end()};
  Vector y(data.outputs(), 0.0);
  y[data.labels[row]] = 1.0;
  return y;
}

}  // namespace nabla::testing_support
