// SPDX-License-Identifier: MIT
#include "nabla/train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "nabla/base/error.h"

#include "base/file.h"
#include "model/model_metadata.h"
#include "model/npz_parameters.h"
#include "model/safetensors.h"

namespace nabla {

namespace {

using safetensors::quote;

using Json = nlohmann::ordered_json;

// The values that JSON cannot write as numbers.
constexpr std::pair<std::string_view, double> kNoNumbers[] = {
    {"infinity", HUGE_VAL}, {"-infinity", -HUGE_VAL}, {"nan", NAN}};

// `visit` names the fields of a type once, for the writer and the reader.

template <class Visitor>
void visit(Visitor& visitor, Score& score) {
  visitor("cost", score.cost);
  visitor("accuracy", score.goodness);
}

template <class Visitor>
void visit(Visitor& visitor, EpochReport& report) {
  visitor("epoch", report.epoch);
  visitor("seconds", report.seconds);
  visitor("samples_per_second", report.samples_per_second);
  visitor("learning_rate", report.learning_rate);
  visitor("train", report.train);
  visitor("validation", report.validation);
  visitor("test", report.test);
}

template <class Visitor>
void visit(Visitor& visitor, PhaseSeconds& phases) {
  visitor("gather", phases.gather);
  visitor("feedforward", phases.feedforward);
  visitor("backprop", phases.backprop);
  visitor("reduce_step", phases.reduce_step);
  visitor("exchange", phases.exchange);
  visitor("idle", phases.idle);
  visitor("other", phases.other);
}

template <class Visitor>
void visit(Visitor& visitor, Improvement& improvement) {
  visitor("reference", improvement.reference);
  visitor("since_stop", improvement.since_stop);
  visitor("since_reduction", improvement.since_reduction);
  visitor("reductions", improvement.reductions);
}

template <class Visitor>
void visit(Visitor& visitor, TrainProgress& progress) {
  visitor("epochs", progress.epochs);
  visitor("row", progress.row);
  visitor("cost", progress.cost);
  visitor("misfit", progress.misfit);
  visitor("epoch_seconds", progress.epoch_seconds);
  visitor("rows_trained", progress.rows_trained);
  visitor("train_seconds", progress.train_seconds);
  visitor("phase_seconds", progress.phase_seconds);
  visitor("last", progress.last);
  visitor("best", progress.best);
  visitor("improvement", progress.improvement);
  visitor("is_early_stopped", progress.is_early_stopped);
}

class Writer {
 public:
  Json json = Json::object();

  void operator()(const char* key, double& value) {
    json[key] = value;
    for (const auto& [name, number] : kNoNumbers)
      if (value == number || (std::isnan(value) && std::isnan(number))) json[key] = name;
  }
  void operator()(const char* key, bool& value) { json[key] = value; }
  void operator()(const char* key, std::uint64_t& value) { json[key] = value; }
  void operator()(const char* key, std::optional<Score>& score) {
    json[key] = nullptr;
    if (score) (*this)(key, *score);
  }
  template <class Value>
  void operator()(const char* key, Value& value) {
    Writer inner;
    visit(inner, value);
    json[key] = std::move(inner.json);
  }
};

class Reader {
 public:
  Reader(const Json& json, const std::string& place) : json_(json), place_(place) {}

  void operator()(const char* key, double& value) {
    const Json& found = find(key);
    if (found.is_number()) {
      value = found.get<double>();
      return;
    }
    for (const auto& [name, number] : kNoNumbers)
      if (found == name) {
        value = number;
        return;
      }
    fail(key, "a number");
  }
  void operator()(const char* key, bool& value) {
    const Json& found = find(key);
    if (!found.is_boolean()) fail(key, "true or false");
    value = found.get<bool>();
  }
  void operator()(const char* key, std::uint64_t& value) {
    const Json& found = find(key);
    if (!found.is_number_unsigned()) fail(key, "a whole number");
    value = found.get<std::uint64_t>();
  }
  void operator()(const char* key, std::optional<Score>& score) {
    score.reset();
    if (!find(key).is_null()) (*this)(key, score.emplace());
  }
  template <class Value>
  void operator()(const char* key, Value& value) {
    Reader inner(find(key), place_);
    visit(inner, value);
  }

 private:
  [[noreturn]] void fail(const char* key, const char* expected) const {
    throw DataError(place_ + "expected " + expected + " at \"" + key + "\"");
  }
  const Json& find(const char* key) const {
    const auto found = json_.is_object() ? json_.find(key) : json_.end();
    if (!json_.is_object() || found == json_.end()) fail(key, "a value");
    return *found;
  }

  const Json& json_;
  const std::string& place_;
};

/// Stands in the state of a training in mixed precision alone; the type of the arrays tells the
/// others apart.
constexpr const char* kBfloat16Key = "bfloat16";

/// All of a state but its arrays.
template <class T>
std::string write_state(const TrainState<T>& state) {
  TrainProgress progress = state.progress;
  std::uint64_t optimizer_steps = state.optimizer_steps;
  double weight_factor = state.weight_factor;
  Writer writer;
  visit(writer, progress);
  writer("optimizer_steps", optimizer_steps);
  if (weight_factor != 1) writer("weight_factor", weight_factor);
  if (bool is_bfloat16 = state.precision == Precision::kBfloat16) writer(kBfloat16Key, is_bfloat16);
  return writer.json.dump();
}

template <class T>
void read_state(const std::string& text, const std::string& place, TrainState<T>& state) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw DataError(place + "not valid JSON");
  Reader reader(json, place);
  visit(reader, state.progress);
  reader("optimizer_steps", state.optimizer_steps);
  if (json.contains("weight_factor")) reader("weight_factor", state.weight_factor);
  bool is_bfloat16 = false;
  if (json.contains(kBfloat16Key)) reader(kBfloat16Key, is_bfloat16);
  if (is_bfloat16) state.precision = Precision::kBfloat16;
  // Strict in one stroke: no other key, order, or spelling of a number.
  if (write_state(state) != text)
    throw DataError(place + "not as this version writes it, expected a checkpoint of its own");
}

constexpr std::string_view kFormat = "nabla-checkpoint";
constexpr std::string_view kVersion = "3";
/// The text before the checksum in the header. It stands nowhere else there, because texts have
/// their quotes escaped.
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
std::string model_text(const Model<T>& model) {
  return Json(to_metadata(description_of(model))).dump();
}

template <class T>
std::string serialize_checkpoint(const TrainState<T>& state, std::string_view configuration,
                                 std::string_view data, std::string_view model) {
  std::vector<safetensors::TensorInfo> tensors;
  for_each_array(state, [&](const std::string& name, const AlignedArray<T>& array) {
    tensors.push_back({name, std::string(kDtype<T>), {array.size()}});
  });
  const safetensors::Metadata metadata = {{"configuration", std::string(configuration)},
                                          {"data", std::string(data)},
                                          {"format", std::string(kFormat)},
                                          {"format_version", std::string(kVersion)},
                                          {"model", std::string(model)},
                                          {"sha256", std::string(kSumLength, '0')},
                                          {"state", write_state(state)}};
  std::string bytes = safetensors::serialize_header(metadata, tensors);
  for_each_array(state, [&](const std::string&, const AlignedArray<T>& array) {
    bytes.append(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(T));
  });
  const std::string sum = sha256(std::as_bytes(std::span(bytes)));
  bytes.replace(bytes.find(kBeforeSum) + kBeforeSum.size(), kSumLength, sum);
  return bytes;
}

CheckpointFile parse_checkpoint(std::vector<std::byte> content, const std::string& name) {
  CheckpointFile result{name, std::move(content), {}, {}, {}};
  const safetensors::File file = safetensors::parse(result.content, name);
  const std::string& format = text_of(file, "format", name);
  if (format != kFormat)
    throw DataError(name + ": format " + quote(format) + ", expected " + quote(kFormat));
  const std::string& version = text_of(file, "format_version", name);
  if (version != kVersion)
    throw CheckpointVersionError(name + ": a checkpoint of format version " + quote(version) +
                                 ", which another version of nabla has written; expected " +
                                 quote(kVersion));
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
  result.model = text_of(file, "model", name);
  result.data = text_of(file, "data", name);
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
  read_state(text_of(file, "state", name), name + ": metadata \"state\": ", state);
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

namespace {

ModelDescription model_description(const CheckpointFile& checkpoint) {
  const std::string place = checkpoint.name + ": metadata \"model\"";
  const Json json = Json::parse(checkpoint.model, nullptr, false);
  if (!json.is_object())
    throw DataError(place + " is missing: the checkpoint does not say of which model it is");
  safetensors::Metadata metadata;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) throw DataError(place + ": expected texts at " + quote(key));
    metadata[key] = value.get<std::string>();
  }
  return parse_metadata(metadata, place);
}

/// The parameters of a model that the training would leave.
template <class T>
const AlignedArray<T>& parameters_to_leave(const TrainState<T>& state) {
  if (state.best.size() > 0 && state.progress.best.epoch > 0) return state.best;
  return state.progress.row > 0 ? state.last_good : state.parameters;
}

template <class T>
Model<T> model_of(const CheckpointFile& checkpoint) {
  const TrainState<T> state = state_in<T>(checkpoint);
  const AlignedArray<T>& parameters = parameters_to_leave(state);
  ModelDescription description = model_description(checkpoint);
  const auto fail = [&] {
    throw DataError(checkpoint.name + ": " + std::to_string(parameters.size()) +
                    " parameters, expected those of its metadata \"model\"");
  };
  // Before memory is taken for them.
  for (const std::size_t width : description.widths)
    if (width > parameters.size()) fail();
  Model<T> model = described_model<T>(std::move(description));
  if (model.network.parameters().size() != parameters.size()) fail();
  std::ranges::copy(parameters.span(), model.network.parameters().data());
  return model;
}

/// Returns the checkpoint in the file, nullopt if it is a file of another kind.
std::optional<CheckpointFile> find_checkpoint(std::vector<std::byte>& content,
                                              const std::string& name) {
  const safetensors::Metadata metadata = safetensors::parse(content, name).metadata;
  const auto format = metadata.find("format");
  if (format == metadata.end() || format->second != kFormat) return std::nullopt;
  return parse_checkpoint(std::move(content), name);
}

}  // namespace

AnyModel model_in(const CheckpointFile& checkpoint) {
  const safetensors::File file = safetensors::parse(checkpoint.content, checkpoint.name);
  const auto parameters = file.tensors.find("parameters");
  if (parameters != file.tensors.end() && parameters->second.dtype == kDtype<double>)
    return model_of<double>(checkpoint);
  return model_of<float>(checkpoint);
}

AnyModel load_trained_model(const std::filesystem::path& path) {
  std::vector<std::byte> content = read_file(path);
  if (const auto checkpoint = find_checkpoint(content, path.string())) return model_in(*checkpoint);
  return parse_model(content, path.string());
}

template <class T>
void load_trained_parameters(const std::filesystem::path& path, Network<T>& network) {
  std::vector<std::byte> content = read_file(path);
  if (is_npz(content)) return parse_parameters(content, path.string(), network);
  const auto checkpoint = find_checkpoint(content, path.string());
  if (!checkpoint) return parse_parameters(content, path.string(), network);
  const std::string model = serialize_model(model_in(*checkpoint));
  parse_parameters(std::as_bytes(std::span(model)), path.string(), network);
}

template <class T>
void save_checkpoint(const TrainState<T>& state, const std::filesystem::path& path) {
  replace_file(path, std::string_view(serialize_checkpoint(state)));
}

template <class T>
TrainState<T> load_checkpoint(const std::filesystem::path& path) {
  return state_in<T>(read_checkpoint(path));
}

template std::string model_text(const Model<float>&);
template std::string model_text(const Model<double>&);
template std::string serialize_checkpoint(const TrainState<float>&, std::string_view,
                                          std::string_view, std::string_view);
template std::string serialize_checkpoint(const TrainState<double>&, std::string_view,
                                          std::string_view, std::string_view);
template TrainState<float> state_in(const CheckpointFile&);
template TrainState<double> state_in(const CheckpointFile&);
template void load_trained_parameters(const std::filesystem::path&, Network<float>&);
template void load_trained_parameters(const std::filesystem::path&, Network<double>&);
template void save_checkpoint(const TrainState<float>&, const std::filesystem::path&);
template void save_checkpoint(const TrainState<double>&, const std::filesystem::path&);
template TrainState<float> load_checkpoint(const std::filesystem::path&);
template TrainState<double> load_checkpoint(const std::filesystem::path&);

}  // namespace nabla
