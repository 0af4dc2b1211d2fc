// SPDX-License-Identifier: MIT
#include "model/npz_parameters.h"

#include <type_traits>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"

#include "base/option_values.h"
#include "base/stored_number.h"
#include "data/numpy_array.h"
#include "data/numpy_file.h"
#include "model/parameter_value.h"
#include "model/safetensors.h"

namespace nabla {

namespace {

/// Copies an array of this shape, [rows × cols] or [cols], to the parameters.
template <class T>
void copy_array(const NpzFile& file, const std::string& array,
                const std::vector<std::size_t>& shape, MatrixView<T> to) {
  const std::string place = file.name() + ": array " + array + ": ";
  if (!file.has(array))
    throw DataError(place + "missing, expected " + safetensors::to_string(shape) + "; found " +
                    join(file.names()));
  const NumpyArray stored = file.read(array);
  if (stored.type.kind != NumpyType::Kind::kFloat)
    throw DataError(place +
                    "numbers without fractions or text, expected float16, float32 or "
                    "float64");
  if (stored.shape != shape)
    throw DataError(place + "shape " + safetensors::to_string(stored.shape) + ", expected " +
                    safetensors::to_string(shape));
  with_numpy_type(stored.type, [&](auto element) {
    using Stored = decltype(element);
    if constexpr (std::is_floating_point_v<Stored> || std::is_same_v<Stored, Float16>) {
      for (std::size_t row = 0; row < to.rows; ++row)
        for (std::size_t col = 0; col < to.cols; ++col) {
          const std::size_t at = stored.fortran_order ? col * to.rows + row : row * to.cols + col;
          const std::byte* const bytes = stored.elements.data() + at * sizeof(Stored);
          to(row, col) =
              parameter_value<T>(value_of(load_number<Stored>(bytes, stored.type.big_endian)),
                                 place, row * to.cols + col);
        }
    }
  });
}

}  // namespace

std::string npz_weight(std::size_t i) { return "weight_" + std::to_string(i); }
std::string npz_bias(std::size_t i) { return "bias_" + std::to_string(i); }

bool is_npz(std::span<const std::byte> content) {
  return is_numpy_file(content) && !is_npy(content);
}

template <class T>
void fill_from_npz(std::span<const std::byte> content, const std::string& name,
                   Network<T>& network) {
  if (network.topology().batch_norm())
    throw DataError(name +
                    ": an NPZ file, which holds no batch normalisation, expected "
                    "network.batch-norm = no or a safetensors file");
  const NpzFile file({.bytes = content, .owner = nullptr}, name);
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const MatrixView<T> weight = network.weight(i);
    copy_array(file, npz_weight(i), {weight.rows, weight.cols}, weight);
    const std::span<T> bias = network.bias(i);
    copy_array(file, npz_bias(i), {bias.size()}, MatrixView<T>(bias.data(), 1, bias.size()));
  }
  if (const std::string next = npz_weight(network.layers()); file.has(next))
    throw DataError(name + ": array " + next + ": a layer too many, expected " +
                    std::to_string(network.layers()));
}

template void fill_from_npz(std::span<const std::byte>, const std::string&, Network<float>&);
template void fill_from_npz(std::span<const std::byte>, const std::string&, Network<double>&);

}  // namespace nabla
