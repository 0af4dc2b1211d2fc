// SPDX-License-Identifier: MIT
#include "nabla/model/activation.h"

#include <cassert>

#include "base/names.h"

namespace nabla {

namespace {

constexpr Named<Activation> kNames[] = {
    {Activation::kIdentity, "identity"}, {Activation::kSigmoid, "sigmoid"},
    {Activation::kTanh, "tanh"},         {Activation::kRelu, "relu"},
    {Activation::kSoftmax, "softmax"},
};

}  // namespace

std::string_view name_of(Activation activation) { return find_name(kNames, activation); }

std::optional<Activation> parse_activation(std::string_view name) {
  return find_value(kNames, name);
}

elementwise::Function function_of(Activation activation) {
  using elementwise::Function;
  switch (activation) {
    case Activation::kIdentity:
      return Function::kIdentity;
    case Activation::kSigmoid:
      return Function::kSigmoid;
    case Activation::kTanh:
      return Function::kTanh;
    case Activation::kRelu:
      return Function::kRelu;
    case Activation::kSoftmax:
      break;
  }
  assert(false && "softmax is not elementwise");
  return Function::kIdentity;
}

}  // namespace nabla
