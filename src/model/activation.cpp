// SPDX-License-Identifier: MIT
#include "nabla/model/activation.h"

#include <cassert>

#include "base/names.h"

namespace nabla {

namespace {

constexpr Named<Activation> kActivationNames[] = {
    {Activation::kIdentity, "identity"},
    {Activation::kSigmoid, "sigmoid"},
    {Activation::kTanh, "tanh"},
    {Activation::kRelu, "relu"},
    {Activation::kLeakyRelu, "leaky-relu"},
    {Activation::kElu, "elu"},
    {Activation::kGelu, "gelu"},
    {Activation::kSoftplus, "softplus"},
    {Activation::kSoftmax, "softmax"},
};

}  // namespace

std::string_view name_of(Activation activation) { return find_name(kActivationNames, activation); }

std::optional<Activation> parse_activation(std::string_view name) {
  return find_value(kActivationNames, name);
}

bool is_for_outputs(Activation activation) {
  return activation == Activation::kSigmoid || activation == Activation::kSoftmax ||
         activation == Activation::kTanh || activation == Activation::kIdentity;
}

bool needs_weighted_inputs(Activation activation) { return activation == Activation::kGelu; }

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
    case Activation::kLeakyRelu:
      return Function::kLeakyRelu;
    case Activation::kElu:
      return Function::kElu;
    case Activation::kGelu:
      return Function::kGelu;
    case Activation::kSoftplus:
      return Function::kSoftplus;
    case Activation::kSoftmax:
      break;
  }
  assert(false && "softmax is not elementwise");
  return Function::kIdentity;
}

}  // namespace nabla
