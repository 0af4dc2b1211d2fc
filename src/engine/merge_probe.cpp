// SPDX-License-Identifier: MIT
#include "engine/merge_probe.h"

#include <algorithm>
#include <cstring>

#include "nabla/base/random.h"

#include "math/gemm.h"

namespace nabla {

namespace {

template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols, std::uint32_t stream) {
  Matrix<T> matrix(rows, cols, padded_stride(cols));
  Random random(0, stream);
  for (T& x : matrix.elements()) x = static_cast<T>(random.bits()) * T(0x1p-31) - T(1);
  return matrix;
}

/// a [rows·shards × K] times the weights, shard by shard and at once.
template <class T>
bool same_bits(Op op, const Matrix<T>& weights, std::size_t rows, std::size_t shards) {
  const std::size_t inner = op == Op::kTranspose ? weights.cols() : weights.rows();
  const std::size_t outer = op == Op::kTranspose ? weights.rows() : weights.cols();
  const Matrix<T> a = random_matrix<T>(rows * shards, inner, 2);
  Matrix<T> apart(rows * shards, outer, padded_stride(outer));
  Matrix<T> together = apart;
  gemm<T>(Op::kNone, op, T(1), a.view(), weights.view(), T(0), together.view());
  for (std::size_t s = 0; s < shards; ++s)
    gemm<T>(Op::kNone, op, T(1), a.view().row_range(s * rows, rows), weights.view(), T(0),
            apart.view().row_range(s * rows, rows));
  return std::memcmp(apart.data(), together.data(), apart.elements().size_bytes()) == 0;
}

}  // namespace

template <class T>
MergeFlags probe_merging(const Topology& topology, std::size_t rows,
                         const std::vector<std::size_t>& shards) {
  MergeFlags flags;
  for (const Layer& layer : topology.layers()) {
    const Matrix<T> weights = random_matrix<T>(layer.outputs, layer.inputs, 1);
    const auto all = [&](Op op) {
      return std::ranges::all_of(
          shards, [&](std::size_t n) { return n == 1 || same_bits(op, weights, rows, n); });
    };
    flags.forward.push_back(all(Op::kTranspose));
    // The first layer has no delta to pass on.
    flags.backward.push_back(flags.backward.empty() || all(Op::kNone));
  }
  return flags;
}

template MergeFlags probe_merging<float>(const Topology&, std::size_t,
                                         const std::vector<std::size_t>&);
template MergeFlags probe_merging<double>(const Topology&, std::size_t,
                                          const std::vector<std::size_t>&);

}  // namespace nabla
