// SPDX-License-Identifier: MIT
#include "export/onnx_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>

#include "nabla/data/preprocess.h"
#include "nabla/data/table.h"

#include "data/input_names.h"
#include "data/normalization.h"

namespace nabla {

namespace {

using Tensor = OnnxGraph::Tensor;
using MetadataJson = nlohmann::ordered_json;

/// Returns whether rounding to float before or within the formula could cost digits that its
/// result has.
bool needs_double(const Preprocess& preprocess) {
  switch (traits_of(preprocess.kind).formula) {
    case InputFormula::kScaled:
    case InputFormula::kUnitLength:
      return false;
    case InputFormula::kShifted:
      return std::ranges::any_of(preprocess.shift, [](double shift) { return shift != 0; });
    case InputFormula::kAffine:
      return is_far_from_zero(preprocess.shift, preprocess.divisor);
    case InputFormula::kRotated:
      return true;
  }
  return true;
}

/// The columns of a model's table, by their places among the inputs that data.one-hot makes.
struct FeatureColumns {
  struct Categories {
    std::size_t first;  ///< the input of the first category
    const OneHotColumn* column;
  };
  std::vector<std::size_t> numbers;
  std::vector<Categories> categories;

  FeatureColumns(const OneHot& one_hot, std::size_t inputs) {
    const std::size_t features = one_hot.features(inputs);
    auto column = one_hot.columns.begin();
    std::size_t input = 0;
    for (std::size_t feature = 0; feature < features; ++feature) {
      if (column == one_hot.columns.end() || column->feature != feature) {
        numbers.push_back(input++);
      } else {
        categories.push_back({input, &*column});
        input += (column++)->categories.size();
      }
    }
  }
};

/// Adds the nodes of add_inputs. They compute in `type_`: double if needs_double says so.
template <class T>
class InputWriter {
 public:
  InputWriter(OnnxGraph& graph, const Model<T>& model, UnknownCategory unknown_category)
      : graph_(graph),
        model_(model),
        preprocess_(model.preprocess),
        is_lenient_(unknown_category == UnknownCategory::kIgnore),
        type_(needs_double(model.preprocess) ? OnnxType::kDouble : kOnnxType<T>),
        features_(model.preprocess.features(model.network.topology().inputs())),
        columns_(model.one_hot, features_) {}

  OnnxInputs write() {
    add_numbers();
    for (const FeatureColumns::Categories& categories : columns_.categories)
      add_categories(categories);
    if (!category_names_.empty()) graph_.add_metadata("categories", category_names_.dump());
    add_indicators();
    Tensor x = parts_.size() == 1
                   ? parts_.front()
                   : graph_.add_node("Concat", parts_, "filled", {{"axis", std::int64_t{1}}});
    x = normalized(x);
    if (type_ != kOnnxType<T>) x = graph_.add_cast(x, kOnnxType<T>, "a_0");
    if (!preprocess_.components.empty()) {
      order_.resize(model_.network.topology().inputs());
      std::iota(order_.begin(), order_.end(), std::size_t{0});
    }
    return {x, order_};
  }

 private:
  /// The columns of numbers, missing ones filled.
  void add_numbers() {
    if (columns_.numbers.empty()) return;
    const std::vector<std::string> names = input_names(model_.columns, model_.one_hot, features_);
    MetadataJson shown = MetadataJson::array();
    for (const std::size_t input : columns_.numbers) shown.push_back(names[input]);
    graph_.add_metadata("features", shown.dump());
    Tensor x = graph_.add_input("features", kOnnxType<T>, columns_.numbers.size());
    order_ = columns_.numbers;
    if (type_ != kOnnxType<T>) x = graph_.add_cast(x, type_, "features_in_double");
    if (!preprocess_.missing.is_identity()) {
      is_missing_ = graph_.add_node("IsNaN", {x}, "is_missing");
      x = graph_.add_node("Where", {is_missing_, row("fill", preprocess_.missing.values), x},
                          "filled_features");
    }
    parts_.push_back(x);
  }

  /// A column of categories as an input for each of them.
  void add_categories(const FeatureColumns::Categories& categories) {
    const OneHotColumn& column = *categories.column;
    const std::string name = column_name(model_.columns, model_.columns.features()[column.feature]);
    const Tensor texts = graph_.add_input(name, OnnxType::kText, 1);
    category_names_.push_back(
        {{"input", texts}, {"column", name}, {"categories", column.categories}});
    const Tensor planes = graph_.add_node(
        "OneHotEncoder", {texts}, texts + "_planes",
        {{"cats_strings", column.categories}, {"zeros", std::int64_t{is_lenient_ ? 1 : 0}}},
        "ai.onnx.ml");
    graph_.set_type(planes, OnnxType::kFloat);
    const std::int64_t shape[] = {-1, static_cast<std::int64_t>(column.categories.size())};
    const std::size_t sides[] = {std::size(shape)};
    const Tensor wanted =
        graph_.add_constant<std::int64_t>(texts + "_shape", sides, std::span(shape));
    Tensor inputs = graph_.add_node("Reshape", {planes, wanted}, texts + "_one_hot");
    if (type_ == OnnxType::kDouble)
      inputs = graph_.add_cast(inputs, OnnxType::kDouble, texts + "_in_double");
    parts_.push_back(inputs);
    for (std::size_t k = 0; k < column.categories.size(); ++k)
      order_.push_back(categories.first + k);
  }

  void add_indicators() {
    const std::vector<std::size_t>& indicators = preprocess_.missing.indicators;
    if (indicators.empty()) return;
    std::vector<std::int64_t> columns;
    for (std::size_t i = 0; i < indicators.size(); ++i) {
      columns.push_back(std::ranges::lower_bound(columns_.numbers, indicators[i]) -
                        columns_.numbers.begin());
      order_.push_back(features_ + i);
    }
    const std::size_t sides[] = {columns.size()};
    const Tensor which =
        graph_.add_constant<std::int64_t>("indicator_columns", sides, std::span(columns));
    const Tensor are_missing =
        graph_.add_node("Gather", {is_missing_, which}, "are_missing", {{"axis", std::int64_t{1}}});
    parts_.push_back(graph_.add_cast(are_missing, type_, "indicators"));
  }

  Tensor normalized(const Tensor& x) {
    switch (traits_of(preprocess_.kind).formula) {
      case InputFormula::kScaled:
        return scaled(x);
      case InputFormula::kShifted:
      case InputFormula::kAffine:
        return divided(shifted(x));
      case InputFormula::kUnitLength:
        return with_unit_length(x);
      case InputFormula::kRotated:
        return rotated(shifted(x));
    }
    return x;
  }

  Tensor scaled(const Tensor& x) {
    if (preprocess_.scale() == 1) return x;
    std::vector<double> factors(order_.size(), preprocess_.scale());
    for (const std::size_t j : preprocess_.binary) factors[j] = 1;
    return graph_.add_node("Mul", {x, row("scale", factors)}, "scaled");
  }

  Tensor shifted(const Tensor& x) {
    const std::vector<double>& shift = preprocess_.shift;
    if (std::ranges::all_of(shift, [](double s) { return s == 0; })) return x;
    return graph_.add_node("Sub", {x, row("shift", shift)}, "shifted");
  }

  Tensor divided(const Tensor& x) {
    if (preprocess_.divisor.empty()) return x;
    return graph_.add_node("Div", {x, row("divisor", preprocess_.divisor)}, "divided");
  }

  Tensor rotated(const Tensor& x) {
    const std::size_t count = preprocess_.components.size() / order_.size();
    std::vector<double> components;
    for (std::size_t i = 0; i < count; ++i)
      for (const std::size_t j : order_)
        components.push_back(preprocess_.components[i * order_.size() + j]);
    return graph_.add_node("Gemm", {x, constant("components", {count, order_.size()}, components)},
                           "rotated", {{"transB", std::int64_t{1}}});
  }

  /// x / ‖x‖₂, where the largest magnitude is taken out first so that no square overflows; a row of
  /// zeros stays. Inputs that are 0 or 1 by their making do not count, and stay, too.
  Tensor with_unit_length(const Tensor& x) {
    const double least = type_ == OnnxType::kDouble ? std::numeric_limits<double>::min()
                                                    : std::numeric_limits<float>::min();
    Tensor free = x;
    if (!preprocess_.binary.empty()) {
      std::vector<double> is_free(order_.size(), 1);
      for (const std::size_t j : preprocess_.binary) is_free[j] = 0;
      free = graph_.add_node("Mul", {x, row("is_free", is_free)}, "free");
    }
    const std::vector<OnnxAttribute> by_row = {{"axes", std::vector<std::int64_t>{1}},
                                               {"keepdims", std::int64_t{1}}};
    const Tensor magnitudes = graph_.add_node("Abs", {free}, "magnitudes");
    const Tensor largest = graph_.add_node("ReduceMax", {magnitudes}, "largest", by_row);
    const Tensor unit = graph_.add_node("Max", {largest, row_of_one("least", least)}, "unit");
    const Tensor small = graph_.add_node("Div", {free, unit}, "small");
    const Tensor length = graph_.add_node("ReduceL2", {small}, "length", by_row);
    const Tensor divisor = graph_.add_node("Max", {length, row_of_one("one", 1)}, "row_divisor");
    const Tensor result = graph_.add_node("Div", {small, divisor}, "of_unit_length");
    if (preprocess_.binary.empty()) return result;
    std::vector<double> is_binary(order_.size());
    for (const std::size_t j : preprocess_.binary) is_binary[j] = 1;
    const Tensor kept = graph_.add_node("Mul", {x, row("is_binary", is_binary)}, "kept");
    return graph_.add_node("Add", {result, kept}, "unit_inputs");
  }

  /// A constant [1 × columns so far] of the elements of these columns.
  Tensor row(const char* name, const std::vector<double>& of_inputs) {
    std::vector<double> elements;
    for (const std::size_t j : order_) elements.push_back(of_inputs[j]);
    return constant(name, {1, elements.size()}, elements);
  }
  Tensor row_of_one(const char* name, double element) { return constant(name, {1, 1}, {element}); }

  Tensor constant(const char* name, const std::vector<std::size_t>& shape,
                  const std::vector<double>& elements) {
    if (type_ == OnnxType::kDouble)
      return graph_.add_constant<double>(name, shape, std::span(elements));
    std::vector<float> rounded;
    for (const double element : elements) rounded.push_back(static_cast<float>(element));
    return graph_.add_constant<float>(name, shape, std::span(std::as_const(rounded)));
  }

  OnnxGraph& graph_;
  const Model<T>& model_;
  const Preprocess& preprocess_;
  bool is_lenient_;  ///< an unknown category is all zeros
  OnnxType type_;
  std::size_t features_;  ///< once categories are expanded, without indicators
  FeatureColumns columns_;
  Tensor is_missing_;               ///< [rows × columns of numbers], if missing values are filled
  std::vector<Tensor> parts_;       ///< that the normalisation reads side by side
  std::vector<std::size_t> order_;  ///< the place of each of their columns among the inputs
  MetadataJson category_names_ = MetadataJson::array();
};

}  // namespace

bool is_far_from_zero(const std::vector<double>& shift, const std::vector<double>& divisor) {
  constexpr double kMostDivisors = 10;
  for (std::size_t j = 0; j < shift.size(); ++j)
    if (std::abs(shift[j]) > kMostDivisors * divisor[j]) return true;
  return false;
}

template <class T>
OnnxInputs add_inputs(OnnxGraph& graph, const Model<T>& model, UnknownCategory unknown_category) {
  return InputWriter<T>(graph, model, unknown_category).write();
}

template OnnxInputs add_inputs(OnnxGraph&, const Model<float>&, UnknownCategory);
template OnnxInputs add_inputs(OnnxGraph&, const Model<double>&, UnknownCategory);

}  // namespace nabla
