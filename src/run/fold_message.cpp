// SPDX-License-Identifier: MIT
#include "run/fold_message.h"

#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

Json message_of(const Divergence& d) {
  return {d.epoch, d.batch,      d.rate,          d.rows,          d.row,
          d.place, d.is_initial, d.is_by_epsilon, d.largest_input, d.largest_target};
}

Divergence to_divergence(const Json& json) {
  return {.epoch = json[0],
          .batch = json[1],
          .rate = json[2],
          .rows = json[3],
          .row = json[4],
          .place = json[5],
          .is_initial = json[6],
          .is_by_epsilon = json[7],
          .largest_input = json[8],
          .largest_target = json[9]};
}

Json message_of(const FoldResult& fold) {
  const TrainSummary& summary = fold.summary;
  const Evaluation& evaluation = fold.evaluation;
  return {{"place", {fold.repeat, fold.fold, fold.train_rows, fold.test_rows}},
          {"status", static_cast<int>(summary.status)},
          {"training", {summary.epochs, summary.train_seconds, summary.parameters}},
          {"divergence", message_of(summary.divergence)},
          {"score", {evaluation.score.cost, evaluation.score.goodness}},
          {"errors", {evaluation.rows, evaluation.rmse, evaluation.mae}},
          {"zero_rule", {fold.zero_rule.goodness, fold.zero_rule.rmse}}};
}

FoldResult to_fold(const Json& json) {
  const Json &place = json["place"], &training = json["training"], &errors = json["errors"];
  FoldResult fold{.repeat = place[0],
                  .fold = place[1],
                  .train_rows = place[2],
                  .test_rows = place[3],
                  .summary = {},
                  .evaluation = {},
                  .zero_rule = {.goodness = json["zero_rule"][0], .rmse = json["zero_rule"][1]}};
  fold.summary.status = static_cast<TrainStatus>(json["status"].get<int>());
  fold.summary.epochs = training[0];
  fold.summary.train_seconds = training[1];
  fold.summary.parameters = training[2];
  fold.summary.divergence = to_divergence(json["divergence"]);
  fold.evaluation = {.score = {.cost = json["score"][0], .goodness = json["score"][1]},
                     .rows = errors[0],
                     .rmse = errors[1],
                     .mae = errors[2]};
  return fold;
}

}  // namespace

std::string to_bytes(const std::vector<FoldResult>& folds) {
  Json json = Json::array();
  for (const FoldResult& fold : folds) json.push_back(message_of(fold));
  std::string bytes;
  Json::to_msgpack(json, bytes);
  return bytes;
}

std::vector<FoldResult> folds_message(const std::string& bytes) {
  std::vector<FoldResult> folds;
  for (const Json& json : Json::from_msgpack(bytes)) folds.push_back(to_fold(json));
  return folds;
}

}  // namespace nabla
