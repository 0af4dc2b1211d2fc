// SPDX-License-Identifier: MIT
#include "model/model_file.h"

#include <array>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "nabla/base/error.h"
#include "nabla/model/model.h"

#include "base/file.h"
#include "base/stored_number.h"
#include "math/bfloat16.h"
#include "model/model_metadata.h"
#include "model/npz_parameters.h"
#include "model/parameter_value.h"
#include "model/safetensors.h"
#include "model/tensor_names.h"

namespace nabla {

namespace {

using safetensors::quote;

template <class T>
constexpr std::string_view kDtype = std::is_same_v<T, float> ? "F32" : "F64";

constexpr const char* kWeight = ".weight";
constexpr const char* kBias = ".bias";

/// The arrays of hidden layer i's batch normalisation with their names in the module `name`.
template <class Net>
auto norm_arrays(Net& network, std::size_t i, const std::string& name) {
  return std::array{std::pair(name + kWeight, network.norm_weight(i)),
                    std::pair(name + kBias, network.norm_bias(i)),
                    std::pair(name + ".running_mean", network.running_mean(i)),
                    std::pair(name + ".running_var", network.running_variance(i))};
}

/// A tensor of the file with the name under which errors speak of it.
struct NamedTensor {
  const safetensors::Tensor& tensor;
  std::string place;
};

NamedTensor find_tensor(const safetensors::File& file, const std::string& tensor,
                        const std::vector<std::size_t>& shape, const std::string& name) {
  const std::string place = name + ": tensor " + tensor + ": ";
  const auto found = file.tensors.find(tensor);
  if (found == file.tensors.end())
    throw DataError(place + "missing, expected " + safetensors::to_string(shape));
  const safetensors::Tensor& result = found->second;
  const bool is_number = result.dtype == "F32" || result.dtype == "F64" || result.dtype == "F16" ||
                         result.dtype == "BF16";
  if (!is_number)
    throw DataError(place + "element type " + result.dtype + ", expected F32, F64, F16 or BF16");
  if (result.shape != shape)
    throw DataError(place + "shape " + safetensors::to_string(result.shape) + ", expected " +
                    safetensors::to_string(shape));
  return {result, place};
}

/// Reads an element of a tensor, which may lie anywhere.
template <class Source>
auto element_at(const std::byte* bytes) {
  const auto stored = load_number<Source>(bytes, /*big_endian=*/false);
  if constexpr (std::is_same_v<Source, Float16>)
    return value_of(stored);
  else if constexpr (std::is_same_v<Source, bfloat16_t>)
    return to_float(stored);
  else
    return stored;
}

/// Copies row `index` of a tensor with elements of type Source to `row`.
template <class Source, class T>
void copy_row(const NamedTensor& from, std::size_t index, std::span<T> row) {
  const std::byte* first = from.tensor.data.data() + index * row.size() * sizeof(Source);
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = parameter_value<T>(element_at<Source>(first + i * sizeof(Source)), from.place,
                                index * row.size() + i);
  }
}

/// Copies the elements of a tensor of the same shape, converted to T.
template <class T>
void copy_elements(const NamedTensor& from, MatrixView<T> to) {
  for (std::size_t row = 0; row < to.rows; ++row) {
    if (from.tensor.dtype == "F32")
      copy_row<float>(from, row, to.row(row));
    else if (from.tensor.dtype == "F16")
      copy_row<Float16>(from, row, to.row(row));
    else if (from.tensor.dtype == "BF16")
      copy_row<bfloat16_t>(from, row, to.row(row));
    else
      copy_row<double>(from, row, to.row(row));
  }
}

template <class T>
void fill(const safetensors::File& file, const TensorNames& names, const std::string& name,
          Network<T>& network) {
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const MatrixView<T> weight = network.weight(i);
    copy_elements(find_tensor(file, names.layers[i] + kWeight, {weight.rows, weight.cols}, name),
                  weight);
    const std::span<T> bias = network.bias(i);
    copy_elements(find_tensor(file, names.layers[i] + kBias, {bias.size()}, name),
                  MatrixView<T>(bias.data(), 1, bias.size()));
    if (!network.topology().layers()[i].batch_norm) continue;
    for (const auto& [tensor, array] : norm_arrays(network, i, names.norms[i]))
      copy_elements(find_tensor(file, tensor, {array.size()}, name),
                    MatrixView<T>(array.data(), 1, array.size()));
    for (const T variance : network.running_variance(i))
      if (variance < 0)
        throw DataError(name + ": tensor " + names.norms[i] +
                        ".running_var: a negative element, expected variances");
  }
}

/// Throws unless the file has the described tensors, all of one type, F32 or F64, and no others.
/// Only then are the widths known to be as small as the file, and memory may be taken for them.
std::string_view check_tensors(const safetensors::File& file, const ModelDescription& description,
                               const std::string& name) {
  const std::vector<std::size_t>& widths = description.widths;
  const auto module = [](std::size_t layer) { return "layers." + std::to_string(layer); };
  const NamedTensor first = find_tensor(file, module(0) + kWeight, {widths[1], widths[0]}, name);
  const std::string_view dtype = first.tensor.dtype;
  if (dtype != "F32" && dtype != "F64")
    throw DataError(first.place + "element type " + std::string(dtype) +
                    ", expected F32 or F64 in a model");
  if (description.is_bfloat16 && dtype != "F32")
    throw DataError(first.place + "element type " + std::string(dtype) +
                    ", expected F32, the parameters of products in bfloat16");
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    for (const NamedTensor& found :
         {find_tensor(file, module(i) + kWeight, {widths[i + 1], widths[i]}, name),
          find_tensor(file, module(i) + kBias, {widths[i + 1]}, name)}) {
      if (found.tensor.dtype != dtype)
        throw DataError(found.place + "element type " + found.tensor.dtype + ", expected " +
                        std::string(dtype) + " as for " + module(0) + kWeight);
    }
  }
  const std::size_t hidden = widths.size() - 2;
  for (std::size_t i = 0; description.batch_norm && i < hidden; ++i)
    for (const char* what : {"weight", "bias", "running_mean", "running_var"})
      find_tensor(file, "norms." + std::to_string(i) + "." + what, {widths[i + 1]}, name);
  const std::size_t expected = 2 * (widths.size() - 1) + (description.batch_norm ? 4 * hidden : 0);
  if (file.tensors.size() != expected)
    throw DataError(name + ": " + std::to_string(file.tensors.size()) + " tensors, expected " +
                    std::to_string(expected) + " for " + std::to_string(widths.size() - 1) +
                    " layers");
  return dtype;
}

template <class T>
Model<T> build(const safetensors::File& file, ModelDescription description,
               const std::string& name) {
  Model<T> model = described_model<T>(std::move(description));
  fill(file, own_names(model.network.topology()), name, model.network);
  return model;
}

template <class T>
void append(std::string& bytes, std::span<const T> elements) {
  bytes.append(reinterpret_cast<const char*>(elements.data()), elements.size_bytes());
}

}  // namespace

template <class T>
std::string serialize_network(const Network<T>& network, const TensorNames& names,
                              const safetensors::Metadata& metadata) {
  const Topology& topology = network.topology();
  const std::string dtype(kDtype<T>);
  std::vector<safetensors::TensorInfo> tensors;
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const Layer& layer = topology.layers()[i];
    tensors.push_back({names.layers[i] + kWeight, dtype, {layer.outputs, layer.inputs}});
    tensors.push_back({names.layers[i] + kBias, dtype, {layer.outputs}});
    if (!layer.batch_norm) continue;
    for (const auto& [name, array] : norm_arrays(network, i, names.norms[i]))
      tensors.push_back({name, dtype, {array.size()}});
  }
  std::string bytes = safetensors::serialize_header(metadata, tensors);
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const MatrixView<const T> weight = network.weight(i);
    for (std::size_t row = 0; row < weight.rows; ++row) append(bytes, weight.row(row));
    append(bytes, network.bias(i));
    if (!topology.layers()[i].batch_norm) continue;
    for (const auto& [name, array] : norm_arrays(network, i, names.norms[i])) append(bytes, array);
  }
  return bytes;
}

template <class T>
std::string serialize_model(const Model<T>& model) {
  return serialize_network(model.network, own_names(model.network.topology()),
                           to_metadata(description_of(model)));
}

template <class T>
void save_model(const Model<T>& model, const std::filesystem::path& path) {
  replace_file(path, std::string_view(serialize_model(model)));
}

std::string serialize_model(const AnyModel& model) {
  return std::visit([](const auto& typed) { return serialize_model(typed); }, model);
}

void save_model(const AnyModel& model, const std::filesystem::path& path) {
  std::visit([&](const auto& typed) { save_model(typed, path); }, model);
}

AnyModel parse_model(std::span<const std::byte> content, const std::string& name) {
  const safetensors::File file = safetensors::parse(content, name);
  ModelDescription description = parse_metadata(file.metadata, name);
  if (check_tensors(file, description, name) == "F32")
    return build<float>(file, std::move(description), name);
  return build<double>(file, std::move(description), name);
}

AnyModel load_model(const std::filesystem::path& path) {
  return parse_model(read_file(path), path.string());
}

template <class T>
void parse_parameters(std::span<const std::byte> content, const std::string& name,
                      Network<T>& network) {
  // Filled apart, so that a bad file leaves the caller's network as it was.
  Network<T> filled(network.topology());
  if (is_npz(content)) {
    fill_from_npz(content, name, filled);
  } else {
    const safetensors::File file = safetensors::parse(content, name);
    fill(file, find_names(file, network.topology(), name), name, filled);
  }
  network = std::move(filled);
}

template <class T>
void load_parameters(const std::filesystem::path& path, Network<T>& network) {
  parse_parameters(read_file(path), path.string(), network);
}

template std::string serialize_network(const Network<float>&, const TensorNames&,
                                       const safetensors::Metadata&);
template std::string serialize_network(const Network<double>&, const TensorNames&,
                                       const safetensors::Metadata&);
template std::string serialize_model(const Model<float>&);
template std::string serialize_model(const Model<double>&);
template void save_model(const Model<float>&, const std::filesystem::path&);
template void save_model(const Model<double>&, const std::filesystem::path&);
template void parse_parameters(std::span<const std::byte>, const std::string&, Network<float>&);
template void parse_parameters(std::span<const std::byte>, const std::string&, Network<double>&);
template void load_parameters(const std::filesystem::path&, Network<float>&);
template void load_parameters(const std::filesystem::path&, Network<double>&);

}  // namespace nabla
