// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "nabla/model/model.h"

#include "data/row_entries.h"
#include "support/exact_activations.h"
#include "support/rounding.h"

/// The naive twin of the library's mathematics, which takes one row and one scalar at a time,
/// writes the chain rule out and takes none of the library's short cuts. Every number carries a
/// bound on its rounding error in double. A step bounds its own rounding only, as products of worst
/// cases would bound nothing: each of many steps begins with the library's own parameters.
namespace nabla::testing_support {

using Scalar = Rounded<double>;
using Vector = std::vector<Scalar>;

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

  /// Returns the activations of all layers, the inputs first.
  std::vector<Vector> forward(const Vector& x) const {
    std::vector<Vector> a = {x};
    for (std::size_t i = 0; i < layers_.size(); ++i)
      a.push_back(apply(layers_[i].activation, weighted_inputs(i, a.back())));
    return a;
  }

  /// Returns z of layer i from its inputs.
  Vector weighted_inputs(std::size_t i, const Vector& a) const {
    Vector z = layers_[i].b;
    for (std::size_t j = 0; j < z.size(); ++j)
      for (std::size_t k = 0; k < a.size(); ++k) z[j] += layers_[i].w[j][k] * a[k];
    return z;
  }

  Scalar cost(const Vector& a, const Vector& y) const {
    Scalar sum;
    for (std::size_t j = 0; j < a.size(); ++j) {
      const Scalar d = abs(y[j] - a[j]), bound = cost_.huber_delta;
      if (cost_.kind == Cost::kHuber)
        sum +=
            (d > bound ? bound * (d - 0.5 * bound) : 0.5 * d * d) / static_cast<double>(a.size());
      if (cost_.kind == Cost::kQuadratic) sum += 0.5 * (y[j] - a[j]) * (y[j] - a[j]);
      if (cost_.kind == Cost::kMse)
        sum += (y[j] - a[j]) * (y[j] - a[j]) / static_cast<double>(a.size());
      if (cost_.kind == Cost::kCrossEntropy) {
        if (y[j] > 0) sum -= y[j] * log(a[j]);
        if (layers_.back().activation == Activation::kSigmoid && y[j] < 1)
          sum -= (1 - y[j]) * log(1 - a[j]);
      }
    }
    return sum;
  }

  /// Makes one step on these rows, weighted if there are weights; returns the sum of their costs
  /// before it.
  Scalar step(const std::vector<Vector>& x, const std::vector<Vector>& y, double rate, double l2,
              const Vector& weights = {}) {
    std::vector<NaiveLayer> nabla = layers_;
    for (NaiveLayer& layer : nabla) {
      for (Vector& row : layer.w) row.assign(row.size(), {});
      layer.b.assign(layer.b.size(), {});
    }
    Scalar total;
    for (std::size_t row = 0; row < x.size(); ++row) {
      const std::vector<Vector> a = forward(x[row]);
      const Scalar weight = weights.empty() ? 1.0 : weights[row];
      total += weight * cost(a.back(), y[row]);
      Vector gradient = cost_derivative(a.back(), y[row]);
      for (Scalar& g : gradient) g *= weight;
      for (std::size_t i = layers_.size(); i-- > 0;) {
        const Vector delta =
            times_jacobian(layers_[i].activation, weighted_inputs(i, a[i]), a[i + 1], gradient);
        gradient.assign(a[i].size(), {});
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

  /// Returns ∂C/∂z of the output layer for a row of these activations and targets.
  Vector output_delta(const std::vector<Vector>& a, const Vector& y) const {
    const std::size_t last = layers_.size() - 1;
    return times_jacobian(layers_[last].activation, weighted_inputs(last, a[last]), a.back(),
                          cost_derivative(a.back(), y));
  }

  /// Returns the largest difference of any weight or bias from the network's in units of its bound.
  double rounding_share(const Network<double>& network) const {
    double largest = 0;
    const auto compare = [&](const Scalar& mine, double other) {
      const double share = testing_support::rounding_share<double>(other, mine);
      if (!(share <= largest)) largest = share;
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
  /// Returns f'(z) of an elementwise activation.
  static long double slope_of(Activation activation, long double z) {
    return exact_derivative(activation, traits_of(activation).needs_z ? z : exact(activation, z));
  }

  /// Returns f'(z) as the library computes it from a, which is off by up to 4ε|a|: with |f''| at
  /// most 1, this error and the roundings of f' leave 8ε. A kink within the error of z may give
  /// either slope.
  static Scalar rounded_slope(Activation activation, const Scalar& z) {
    const bool kinked = activation == Activation::kRelu || activation == Activation::kLeakyRelu;
    const long double error = z.error() + 8 * std::numeric_limits<double>::epsilon();
    return {slope_of(activation, z.value()), kinked && !z.has_sign() ? 1 : error};
  }

  static Vector apply(Activation activation, const Vector& z) {
    Vector a;
    if (activation != Activation::kSoftmax) {
      for (const Scalar& x : z)
        a.push_back(Scalar::function(x, exact(activation, x.value()),
                                     x.has_sign() ? slope_of(activation, x.value()) : 1));
      return a;
    }
    // The largest is subtracted for the bound's sake: the exponents are rounded after that.
    const Scalar largest = *std::max_element(z.begin(), z.end());
    Scalar sum;
    for (const Scalar& x : z) sum += a.emplace_back(exp(x - largest));
    for (Scalar& x : a) x /= sum;
    return a;
  }

  /// ∂C/∂a
  Vector cost_derivative(const Vector& a, const Vector& y) const {
    Vector gradient(a.size());
    for (std::size_t j = 0; j < a.size(); ++j) {
      gradient[j] = a[j] - y[j];
      if (cost_.kind == Cost::kHuber) {
        if (abs(gradient[j]) > cost_.huber_delta)
          gradient[j] = gradient[j] > 0 ? Scalar(cost_.huber_delta) : Scalar(-cost_.huber_delta);
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
      if (activation != Activation::kSoftmax) {
        delta[k] = gradient[k] * rounded_slope(activation, z[k]);
        continue;
      }
      for (std::size_t j = 0; j < a.size(); ++j)
        delta[k] += gradient[j] * a[j] * ((j == k ? 1.0 : 0.0) - a[k]);
    }
    return delta;
  }

  CostFunction cost_;
  std::vector<NaiveLayer> layers_;
};

/// Returns the features of one row, as doubles.
inline std::vector<double> plain_features_of(const Dataset& data, std::size_t row) {
  return row_of_features(data, row);
}

/// Returns the features of one row as the twin takes them.
inline Vector features_of(const Dataset& data, std::size_t row) {
  const std::vector<double> features = plain_features_of(data, row);
  return {features.begin(), features.end()};
}

/// Returns the targets of one row; 0 and 1 for a classification.
inline Vector targets_of(const Dataset& data, std::size_t row) {
  if (data.task == Task::kRegression)
    return {data.targets.row(row).begin(), data.targets.row(row).end()};
  Vector y(data.outputs(), 0.0);
  y[data.labels[row]] = 1.0;
  return y;
}

}  // namespace nabla::testing_support
