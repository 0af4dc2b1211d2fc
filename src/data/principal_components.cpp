// SPDX-License-Identifier: MIT
#include "data/principal_components.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <variant>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"

#include "base/memory.h"
#include "math/eigen.h"
#include "math/gemm.h"

namespace nabla {

namespace {

constexpr double kWhitenEpsilon = 1e-5;
/// Rows that are centred and multiplied at once.
constexpr std::size_t kBlockRows = 512;

void require_memory(std::size_t features) {
  const double gigabytes = eigen_memory(features) / 1e9;
  const double memory = static_cast<double>(physical_memory()) / 1e9;
  if (features > kMaxEigenOrder || gigabytes > memory)
    throw ConfigError("data.normalize: pca and whiten of " + std::to_string(features) +
                      " features would take " + std::to_string(std::llround(gigabytes)) +
                      " GB of memory, expected fewer features");
}

/// Σ_rows (x − mean)(x − mean)ᵀ / rows
Matrix<double> covariance(const Dataset& data, const std::vector<double>& means) {
  const std::size_t width = means.size();
  Matrix<double> result(width, width);
  Matrix<double> block(std::min(kBlockRows, data.rows()), width);
  std::visit(
      [&](const auto& features) {
        for (std::size_t first = 0; first < data.rows(); first += kBlockRows) {
          const std::size_t count = std::min(kBlockRows, data.rows() - first);
          for (std::size_t i = 0; i < count; ++i) {
            const auto from = features.row(first + i);
            const std::span<double> to = block.row(i);
            for (std::size_t j = 0; j < width; ++j) to[j] = static_cast<double>(from[j]) - means[j];
          }
          const MatrixView<const double> rows = block.view().row_range(0, count);
          // C [features × features] += rowsᵀ · rows: M = N = features, K = rows
          gemm<double>(Op::kTranspose, Op::kNone, 1, rows, rows, 1, result.view());
        }
      },
      data.features);
  for (double& element : result.elements()) element /= static_cast<double>(data.rows());
  return result;
}

double largest_entry(std::span<const double> vector) {
  return *std::ranges::max_element(vector, {}, [](double x) { return std::abs(x); });
}

}  // namespace

std::vector<double> principal_components(const Dataset& data, const std::vector<double>& means,
                                         std::size_t count, bool whiten) {
  require_memory(means.size());
  Matrix<double> vectors = covariance(data, means);
  for (const double element : vectors.elements())
    if (!std::isfinite(element))
      throw DataError(
          "data.normalize: the covariance of the features is beyond double precision, expected "
          "smaller numbers");
  const std::vector<double> values = eigen_decompose(vectors.view());
  std::vector<double> components;
  components.reserve(count * means.size());
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t index = values.size() - 1 - k;
    const std::span<const double> vector = vectors.row(index);
    double factor = largest_entry(vector) < 0 ? -1 : 1;
    // An eigenvalue of a singular covariance may come out a little below 0.
    if (whiten) factor /= std::sqrt(std::max(values[index], 0.0) + kWhitenEpsilon);
    for (const double x : vector) components.push_back(factor * x);
  }
  return components;
}

}  // namespace nabla
