// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"
#include "nabla/model/cost.h"
#include "nabla/model/network.h"

namespace nabla {

/// All that prediction needs: the network and what its inputs and outputs mean. A value.
template <class T>
struct Model {
  Network<T> network;
  CostFunction cost;
  Preprocess preprocess;
  Task task = Task::kClassification;
  std::vector<std::string> classes = {};  ///< empty for a regression
  TableColumns columns = {};              ///< of the table trained on, if it was one
  OneHot one_hot = {};                    ///< applied before `preprocess`
  /// Fraction of the inputs, then of each hidden layer's units, that training leaves out; each 0 to
  /// below 1, empty for none. Prediction leaves out nothing, and model files do not hold it.
  std::vector<double> dropout = {};
  /// Whether rows are read as entries, (column, value) pairs, in training, evaluation and
  /// prediction. Results are those of reading all numbers, to rounding.
  bool sparse = false;
  /// What it is trained, evaluated and predicts in; for double always kFloat64.
  Precision precision = std::is_same_v<T, double> ? Precision::kFloat64 : Precision::kFloat32;
};

/// A model whose precision is known at run time only: that of TrainOptions or of a model file.
/// std::visit and std::get give the Model<float> or Model<double> that it is. A value.
class AnyModel : public std::variant<Model<float>, Model<double>> {
 public:
  using variant::variant;

  Precision precision() const {
    return std::visit([](const auto& model) { return model.precision; }, *this);
  }
  Task task() const {
    return std::visit([](const auto& model) { return model.task; }, *this);
  }
  /// The names of the classes, in the order of the outputs; empty for a regression.
  const std::vector<std::string>& classes() const {
    return std::visit(
        [](const auto& model) -> auto& { return model.classes; }, *this);
  }
  const Topology& topology() const {
    return std::visit(
        [](const auto& model) -> auto& { return model.network.topology(); }, *this);
  }
  const CostFunction& cost() const {
    return std::visit(
        [](const auto& model) -> auto& { return model.cost; }, *this);
  }
};

/// The model as the bytes of a safetensors file: tensors `layers.<i>.weight` [outputs × inputs] and
/// `layers.<i>.bias` [outputs], F32 or F64, little-endian, and `__metadata__` with `format`,
/// `format_version`, `network`, `preprocess`, `labels` and, for data from a table, `columns`. Equal
/// models give equal bytes. Throws DataError if a class name is not UTF-8. Format:
/// https://github.com/huggingface/safetensors
template <class T>
std::string serialize_model(const Model<T>& model);
std::string serialize_model(const AnyModel& model);

/// Writes the bytes of serialize_model to a file, which is replaced as a whole or not at all.
/// Throws std::system_error naming the path.
template <class T>
void save_model(const Model<T>& model, const std::filesystem::path& path);
void save_model(const AnyModel& model, const std::filesystem::path& path);

/// Reads a model file. Throws DataError naming the file, the tensor or byte offset, what is wrong
/// and what was expected: truncated, overlapping or out-of-range offsets, wrong shapes or types,
/// missing tensors, NaN or infinite parameters, metadata that is not nabla's.
AnyModel load_model(const std::filesystem::path& path);
/// The same from bytes already in memory; `name` stands for the file in errors.
AnyModel parse_model(std::span<const std::byte> content, const std::string& name);

/// Fills the network's parameters from any safetensors file with tensors of the shapes above, F32,
/// F64, F16 or BF16, whoever wrote it. Their names are those above or, as torch.nn.Sequential gives
/// them, end in ascending numbers behind a common prefix: net.0.weight, net.2.weight, with batch
/// normalisation net.1.running_mean. Or from an NPZ file of the arrays weight_0 [outputs × inputs],
/// bias_0 [outputs], weight_1 and so on, which holds no batch normalisation. Throws DataError as
/// load_model does; it lists the tensors of other names.
template <class T>
void load_parameters(const std::filesystem::path& path, Network<T>& network);
/// The same from bytes already in memory; `name` stands for the file in errors.
template <class T>
void parse_parameters(std::span<const std::byte> content, const std::string& name,
                      Network<T>& network);

}  // namespace nabla
