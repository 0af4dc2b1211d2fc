// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

#include "nabla/model/model.h"

#include "math/precision.h"

namespace nabla {

/// Carries the types of a precision to a function that is a template by them.
template <class P>
struct PrecisionTag {};

/// Calls use(PrecisionTag<P>()) with the types that belong to a precision of parameters in T.
template <class T, class Use>
decltype(auto) with_precision([[maybe_unused]] Precision precision, Use use) {
  if constexpr (std::is_same_v<T, float>)
    if (precision == Precision::kBfloat16) return use(PrecisionTag<Bfloat16>());
  return use(PrecisionTag<Uniform<T>>());
}

/// The same for a model's precision.
template <class T, class Use>
decltype(auto) with_precision(const Model<T>& model, Use use) {
  return with_precision<T>(model.precision, use);
}

}  // namespace nabla
