// SPDX-License-Identifier: MIT
#include "model/tensor_names.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "nabla/base/error.h"

namespace nabla {

namespace {

/// The name of a module that ends in a number.
struct NumberedModule {
  std::string prefix;  ///< "net." of "net.2"
  std::size_t number = 0;

  std::string name() const { return prefix + std::to_string(number); }
  bool operator<(const NumberedModule& other) const { return number < other.number; }
};

std::optional<NumberedModule> split_number(std::string_view module) {
  const std::size_t digits = module.find_last_not_of("0123456789") + 1;
  std::size_t number = 0;
  const char* const end = module.data() + module.size();
  const auto [stop, error] = std::from_chars(module.data() + digits, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return NumberedModule{std::string(module.substr(0, digits)), number};
}

/// Returns the numbered modules that have a tensor of this name and number of dimensions, by
/// ascending number; none unless they have their prefix in common.
std::vector<NumberedModule> find_modules(const safetensors::File& file, std::string_view tensor,
                                         std::size_t dimensions) {
  std::vector<NumberedModule> modules;
  for (const auto& [name, found] : file.tensors) {
    if (!name.ends_with(tensor) || found.shape.size() != dimensions) continue;
    const auto module = split_number(std::string_view(name).substr(0, name.size() - tensor.size()));
    if (!module || (!modules.empty() && module->prefix != modules.front().prefix)) return {};
    modules.push_back(*module);
  }
  std::ranges::sort(modules, std::less<>());
  return modules;
}

std::vector<std::string> names_of(const std::vector<NumberedModule>& modules) {
  std::vector<std::string> names;
  for (const NumberedModule& module : modules) names.push_back(module.name());
  return names;
}

/// Returns whether each norm of a common sequence follows its layer and precedes the next one.
bool are_between(const std::vector<NumberedModule>& norms,
                 const std::vector<NumberedModule>& layers) {
  if (norms.empty() || norms.front().prefix != layers.front().prefix) return true;
  for (std::size_t i = 0; i < norms.size(); ++i)
    if (!(layers[i] < norms[i] && norms[i] < layers[i + 1])) return false;
  return true;
}

std::string list_tensors(const safetensors::File& file) {
  constexpr std::size_t kShown = 12;
  std::string text;
  std::size_t shown = 0;
  for (const auto& [name, tensor] : file.tensors) {
    if (shown == kShown)
      return text + " and " + std::to_string(file.tensors.size() - shown) + " more";
    text += (shown++ == 0 ? "" : ", ") + safetensors::quote(name) + " " +
            safetensors::to_string(tensor.shape);
  }
  return text.empty() ? "no tensors" : text;
}

bool has_all(const safetensors::File& file, const std::vector<std::string>& modules,
             const std::string& tensor) {
  return std::ranges::all_of(
      modules, [&](const std::string& module) { return file.tensors.contains(module + tensor); });
}

}  // namespace

TensorNames own_names(const Topology& topology) {
  TensorNames names;
  for (std::size_t i = 0; i < topology.layers().size(); ++i) {
    names.layers.push_back("layers." + std::to_string(i));
    if (topology.layers()[i].batch_norm) names.norms.push_back("norms." + std::to_string(i));
  }
  return names;
}

TensorNames sequential_names(const Topology& topology) {
  TensorNames names;
  std::size_t module = 0;
  for (const Layer& layer : topology.layers()) {
    names.layers.push_back(std::to_string(module++));
    if (layer.batch_norm) names.norms.push_back(std::to_string(module++));
    ++module;  // the activation
  }
  return names;
}

TensorNames find_names(const safetensors::File& file, const Topology& topology,
                       const std::string& name) {
  TensorNames own = own_names(topology);
  if (has_all(file, own.layers, ".weight") && has_all(file, own.norms, ".running_mean")) return own;
  const auto fail = [&](const std::string& what) {
    throw DataError(name + ": " + what + "; found " + list_tensors(file));
  };
  const std::vector<NumberedModule> layers = find_modules(file, ".weight", 2);
  const std::vector<NumberedModule> norms = find_modules(file, ".running_mean", 1);
  if (layers.size() != own.layers.size()) {
    const Layer& layer = topology.layers().front();
    fail("tensor layers.0.weight: missing, expected " +
         safetensors::to_string(std::vector{layer.outputs, layer.inputs}) + " and so on for " +
         std::to_string(own.layers.size()) +
         " layers, or the names of torch.nn.Linear in a torch.nn.Sequential");
  }
  if (norms.size() > own.norms.size())
    fail("batch normalisation of " + std::to_string(norms.size()) + " layers, expected " +
         std::to_string(own.norms.size()) + " as in network.batch-norm");
  if (norms.size() < own.norms.size())
    fail("tensor norms.0.running_mean: missing, expected batch normalisation of " +
         std::to_string(own.norms.size()) + " layers, or network.batch-norm = no");
  if (!are_between(norms, layers))
    fail("batch normalisation in other places than after the hidden layers, expected it there");
  return {names_of(layers), names_of(norms)};
}

}  // namespace nabla
