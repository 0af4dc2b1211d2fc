// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/base/matrix.h"

#include "math/gemm.h"
#include "math/precision.h"
#include "model/units.h"

namespace nabla {

/// The inputs of a layer for some rows of a mini-batch, [rows × inputs]: a view of activations and
/// of the factor by which they count. Both products that read a layer's inputs are made here, but
/// those of sparse rows (sparse_products.h).
template <class P>
class Inputs {
  using Operand = OperandOf<P>;
  using Sum = SumOf<P>;

 public:
  Inputs(MatrixView<const Operand> activations, Sum scale)
      : activations_(activations), scale_(scale) {}

  /// z ← scale · a · Wᵀ for the neurons whose weights [neurons × inputs] these are;
  /// z is [rows × neurons].
  void weigh(MatrixView<const Operand> weight, MatrixView<Sum> z) const {
    // z [rows × neurons] = a [rows × inputs] · Wᵀ [inputs × neurons]
    gemm<Operand>(Op::kNone, Op::kTranspose, scale_, activations_, weight, Sum(0), z);
  }

  /// nabla_w ← alpha · scale · δᵀ · a + beta · nabla_w for some of the inputs; δ is
  /// [rows × neurons], nabla_w [neurons × inputs].
  void accumulate_nabla_w(Sum alpha, MatrixView<const Operand> delta, UnitRange inputs, Sum beta,
                          MatrixView<Sum> nabla_w) const {
    // nabla_w [neurons × inputs] = δᵀ [neurons × rows] · a [rows × inputs]
    gemm<Operand>(Op::kTranspose, Op::kNone, alpha * scale_, delta, columns(activations_, inputs),
                  beta, nabla_w);
  }

 private:
  MatrixView<const Operand> activations_;
  Sum scale_;
};

}  // namespace nabla
