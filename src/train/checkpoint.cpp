// SPDX-License-Identifier: MIT
#include "nabla/train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "nabla/base/error.h"

#include "base/file.h"
#include "model/safetensors.h"
#include "train/progress_text.h"

namespace nabla {

namespace {

using safetensors::quote;

constexpr std::string_view kFormat = "nabla-checkpoint";
constexpr std::string_view kVersion = "1";
/// What stands before the checksum in the header, and nowhere else: texts there have their quotes
/// escaped.
constexpr std::string_view kBeforeSum = "\"sha256\":\"";
constexpr std::size_t kSumLength = 64;

template <class T>
constexpr std::string_view kDtype = std::is_same_v<T, float> ? "F32" : "F64";

std::string optimizer_name(std::size_t i) { return "optimizer." + std::to_string(i); }

/// calls(name, array) for all arrays of a state, those that are empty left out.
template <class State, class Call>
void for_each_array(State& state, Call call) {
  const auto call_if = [&](const std::string& name, auto& array) {
    if (array.size() > 0) call(name, array);
  };
  call_if("parameters", state.parameters);
  call_if("last_good", state.last_good);
  call_if("best", state.best);
  for (std::size_t i = 0; i < state.optimizer.size(); ++i)
    call_if(optimizer_name(i), state.optimizer[i]);
}

template <class T>
void read_array(const safetensors::File& file, const std::string& key, const std::string& name,
                AlignedArray<T>& to) {
  const safetensors::Tensor& tensor = file.tensors.at(key);
  const std::string place = name + ": tensor " + quote(key) + ": ";
  if (tensor.dtype != kDtype<T>)
    throw DataError(place + "element type " + quote(tensor.dtype) + ", expected " +
                    std::string(kDtype<T>));
  if (tensor.shape.size() != 1)
    throw DataError(place + "shape " + safetensors::to_string(tensor.shape) +
                    ", expected one dimension");
  to = AlignedArray<T>(tensor.shape[0]);
  std::memcpy(to.data(), tensor.data.data(), tensor.data.size());
}

template <class T>
void require_finite(const AlignedArray<T>& array, const std::string& place) {
  for (std::size_t i = 0; i < array.size(); ++i)
    if (!std::isfinite(array[i]))
      throw DataError(place + "element " + std::to_string(i) +
                      " is no number, expected a finite one");
}

const std::string& text_of(const safetensors::File& file, const std::string& key,
                           const std::string& name) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw DataError(name + ": metadata " + quote(key) + " is missing: not a checkpoint");
  return found->second;
}

}  // namespace

template <class T>
std::string serialize_checkpoint(const TrainState<T>& state, std::string_view configuration) {
  std::vector<safetensors::TensorInfo> tensors;
  for_each_array(state, [&](const std::string& name, const AlignedArray<T>& array) {
    tensors.push_back({name, std::string(kDtype<T>), {array.size()}});
  });
  const safetensors::Metadata metadata = {
      {"configuration", std::string(configuration)},
      {"format", std::string(kFormat)},
      {"format_version", std::string(kVersion)},
      {"sha256", std::string(kSumLength, '0')},
      {"state", write_progress(state.progress, state.optimizer_steps)}};
  std::string bytes = safetensors::serialize_header(metadata, tensors);
  for_each_array(state, [&](const std::string&, const AlignedArray<T>& array) {
    bytes.append(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(T));
  });
  const std::string sum = sha256(std::as_bytes(std::span(bytes)));
  bytes.replace(bytes.find(kBeforeSum) + kBeforeSum.size(), kSumLength, sum);
  return bytes;
}

CheckpointFile parse_checkpoint(std::vector<std::byte> content, const std::string& name) {
  CheckpointFile result{name, std::move(content), {}};
  const safetensors::File file = safetensors::parse(result.content, name);
  if (text_of(file, "format", name) != kFormat || text_of(file, "format_version", name) != kVersion)
    throw DataError(name + ": format " + quote(text_of(file, "format", name)) + " version " +
                    quote(text_of(file, "format_version", name)) + ", expected " + quote(kFormat) +
                    " version " + quote(kVersion));
  // The sum is that of the file with zeros in its place.
  const std::string sum = text_of(file, "sha256", name);
  std::vector<std::byte> zeroed = result.content;
  const std::string_view text(reinterpret_cast<const char*>(zeroed.data()), zeroed.size());
  const std::size_t place = text.find(kBeforeSum);
  if (sum.size() == kSumLength && place < text.size() - kBeforeSum.size() - kSumLength)
    std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(place + kBeforeSum.size()), kSumLength,
                std::byte{'0'});
  if (sha256(zeroed) != sum)
    throw DataError(name + ": damaged: its checksum is not the " + quote(sum) + " it names");
  result.configuration = text_of(file, "configuration", name);
  return result;
}

CheckpointFile read_checkpoint(const std::filesystem::path& path) {
  return parse_checkpoint(read_file(path), path.string());
}

template <class T>
TrainState<T> state_in(const CheckpointFile& checkpoint) {
  const std::string& name = checkpoint.name;
  const safetensors::File file = safetensors::parse(checkpoint.content, name);
  TrainState<T> state;
  state.progress = read_progress(text_of(file, "state", name),
                                 name + ": metadata \"state\": ", state.optimizer_steps);
  std::size_t known = 0;
  const auto read = [&](const std::string& key, AlignedArray<T>& to) {
    if (!file.tensors.contains(key)) return false;
    read_array(file, key, name, to);
    ++known;
    return true;
  };
  for (const auto& [key, array] : {std::pair("parameters", &state.parameters),
                                   {"last_good", &state.last_good},
                                   {"best", &state.best}})
    if (read(key, *array)) require_finite(*array, name + ": tensor " + quote(key) + ": ");
  for (AlignedArray<T> array; read(optimizer_name(state.optimizer.size()), array);)
    state.optimizer.push_back(std::move(array));
  if (known != file.tensors.size() || state.parameters.size() == 0)
    throw DataError(name + ": tensors that no checkpoint has, or none of the parameters");
  return state;
}

template <class T>
void save_checkpoint(const TrainState<T>& state, const std::filesystem::path& path) {
  replace_file(path, std::string_view(serialize_checkpoint(state)));
}

template <class T>
TrainState<T> load_checkpoint(const std::filesystem::path& path) {
  return state_in<T>(read_checkpoint(path));
}

template std::string serialize_checkpoint(const TrainState<float>&, std::string_view);
template std::string serialize_checkpoint(const TrainState<double>&, std::string_view);
template TrainState<float> state_in(const CheckpointFile&);
template TrainState<double> state_in(const CheckpointFile&);
template void save_checkpoint(const TrainState<float>&, const std::filesystem::path&);
template void save_checkpoint(const TrainState<double>&, const std::filesystem::path&);
template TrainState<float> load_checkpoint(const std::filesystem::path&);
template TrainState<double> load_checkpoint(const std::filesystem::path&);

}  // namespace nabla
