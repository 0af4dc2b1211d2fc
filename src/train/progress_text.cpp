// SPDX-License-Identifier: MIT
#include "train/progress_text.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <type_traits>

#include "nabla/base/error.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

// What JSON has no number for.
constexpr std::pair<std::string_view, double> kNoNumbers[] = {
    {"infinity", HUGE_VAL}, {"-infinity", -HUGE_VAL}, {"nan", NAN}};

// `visit` names the fields of a type once, for the writer and the reader.

template <class Visitor>
void visit(Visitor& visitor, Score& score) {
  visitor("cost", score.cost);
  visitor("accuracy", score.accuracy);
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
  visitor("miss", progress.miss);
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

}  // namespace

std::string write_progress(const TrainProgress& progress, std::uint64_t optimizer_steps) {
  TrainProgress copy = progress;
  Writer writer;
  visit(writer, copy);
  writer("optimizer_steps", optimizer_steps);
  return writer.json.dump();
}

TrainProgress read_progress(const std::string& text, const std::string& place,
                            std::uint64_t& optimizer_steps) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw DataError(place + "not valid JSON");
  TrainProgress progress;
  Reader reader(json, place);
  visit(reader, progress);
  reader("optimizer_steps", optimizer_steps);
  // Strict in one stroke: no other key, order, or spelling of a number.
  if (write_progress(progress, optimizer_steps) != text)
    throw DataError(place + "not as this version writes it, expected a checkpoint of its own");
  return progress;
}

}  // namespace nabla
