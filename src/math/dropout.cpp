// SPDX-License-Identifier: MIT
#include "math/dropout.h"

#include <cassert>

#include "math/kernel_table.h"

namespace nabla {

template <class T>
void drop_units(const kernels::DropoutMask& mask, std::size_t first_row, std::size_t first_unit,
                MatrixView<T> a) {
  kernels::current<T>().drop_units(mask, first_row, first_unit, a.data, a.stride, a.rows, a.cols);
}

template <class T>
void zero_dropped(MatrixView<const T> a, MatrixView<T> delta) {
  assert(a.rows == delta.rows && a.cols == delta.cols);
  kernels::current<T>().zero_dropped(a.data, a.stride, delta.data, delta.stride, a.rows, a.cols);
}

template void drop_units(const kernels::DropoutMask&, std::size_t, std::size_t, MatrixView<float>);
template void drop_units(const kernels::DropoutMask&, std::size_t, std::size_t, MatrixView<double>);
template void zero_dropped(MatrixView<const float>, MatrixView<float>);
template void zero_dropped(MatrixView<const double>, MatrixView<double>);

}  // namespace nabla
