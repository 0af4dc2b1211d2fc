// SPDX-License-Identifier: MIT
#include "export/sequential.h"

#include "model/model_file.h"
#include "model/model_metadata.h"
#include "model/tensor_names.h"

namespace nabla {

template <class T>
std::string sequential_bytes(const Model<T>& model) {
  const safetensors::Metadata own = to_metadata(description_of(model));
  return serialize_network(
      model.network, sequential_names(model.network.topology()),
      {{"format", "pt"}, {"network", own.at("network")}, {"labels", own.at("labels")}});
}

template std::string sequential_bytes(const Model<float>&);
template std::string sequential_bytes(const Model<double>&);

}  // namespace nabla
