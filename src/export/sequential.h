// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/model/model.h"

namespace nabla {

/// Returns the model's parameters as the bytes of a safetensors file whose tensors have the names
/// of sequential_names, so that torch.nn.Sequential takes them by load_state_dict. `__metadata__`
/// has `format` = `pt`, as files of PyTorch have, and nabla's `network` and `labels`. Throws as
/// serialize_model does.
template <class T>
std::string sequential_bytes(const Model<T>& model);

}  // namespace nabla
