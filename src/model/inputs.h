// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/base/matrix.h"

#include "math/gemm.h"
#include "model/units.h"

namespace nabla {

/// The inputs of a layer for some rows of a mini-batch, [rows × inputs]: a view of activations and
/// of the factor by which they count. Both products that read a layer's inputs are made here, so
/// that another kind of rows for the first layer would concern this class and who fills them.
template <class T>
class Inputs {
 public:
  Inputs(MatrixView<const T> activations, T scale) : activations_(activations), scale_(scale) {}

  /// z ← scale · a · Wᵀ for the neurons whose weights [neurons × inputs] these are;
  /// z is [rows × neurons].
  void weigh(MatrixView<const T> weight, MatrixView<T> z) const {
    // z [rows × neurons] = a [rows × inputs] · Wᵀ [inputs × neurons]
    gemm<T>(Op::kNone, Op::kTranspose, scale_, activations_, weight, T(0), z);
  }

  /// nabla_w ← alpha · scale · δᵀ · a + beta · nabla_w for some of the inputs; δ is
  /// [rows × neurons], nabla_w [neurons × inputs].
  void accumulate_nabla_w(T alpha, MatrixView<const T> delta, UnitRange inputs, T beta,
                          MatrixView<T> nabla_w) const {
    // nabla_w [neurons × inputs] = δᵀ [neurons × rows] · a [rows × inputs]
    gemm<T>(Op::kTranspose, Op::kNone, alpha * scale_, delta, columns(activations_, inputs), beta,
            nabla_w);
  }

 private:
  MatrixView<const T> activations_;
  T scale_;
};

}  // namespace nabla
