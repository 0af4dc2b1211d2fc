// SPDX-License-Identifier: MIT
#include "sweep/trial_message.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

Json message_of(const std::optional<Score>& score) {
  return score ? Json{score->cost, score->goodness} : Json();
}

std::optional<Score> to_score(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return Score{.cost = json[0], .goodness = json[1]};
}

}  // namespace

std::string to_bytes(const TrialMessage& message) {
  const TrialResult& result = message.result;
  Json json = {{"crossval", message_of(result.crossval)},
               {"crossval_deviation", result.crossval_deviation},
               {"trial", result.trial},
               {"status", result.status},
               {"round", result.round},
               {"epochs", result.epochs},
               {"model_epoch", result.model_epoch},
               {"seconds", result.seconds},
               {"error", result.error},
               {"write_error", message.write_error}};
  for (const ScoredRows& rows : kScoredRows) json[rows.column] = message_of(result.*rows.score);
  std::string bytes;
  Json::to_msgpack(json, bytes);
  return bytes;
}

TrialMessage trial_message(const std::string& bytes) {
  const Json json = Json::from_msgpack(bytes);
  TrialMessage message{{}, json["write_error"]};
  TrialResult& result = message.result;
  result.crossval = to_score(json["crossval"]);
  result.crossval_deviation = json["crossval_deviation"];
  result.trial = json["trial"];
  result.status = json["status"];
  result.round = json["round"];
  result.epochs = json["epochs"];
  result.model_epoch = json["model_epoch"];
  result.seconds = json["seconds"];
  result.error = json["error"];
  for (const ScoredRows& rows : kScoredRows) result.*rows.score = to_score(json[rows.column]);
  return message;
}

}  // namespace nabla
