// SPDX-License-Identifier: MIT
#include "nabla/base/kinds.h"

#include <gtest/gtest.h>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "nabla/engine/parallel_options.h"
#include "nabla/math/activation.h"
#include "nabla/math/algorithm.h"
#include "nabla/model/cost.h"
#include "nabla/model/initialize.h"
#include "nabla/optimize/schedule_options.h"
#include "nabla/train/trainer.h"

#include "data/source.h"

namespace nabla {
namespace {

enum class Colour { kRed, kGreen, kBlue };

constexpr Named<Colour> kColours[] = {
    {Colour::kRed, "red"}, {Colour::kGreen, "green"}, {Colour::kBlue, "blue"}};
constexpr Named<Colour> kTooFew[] = {{Colour::kRed, "red"}, {Colour::kGreen, "green"}};
constexpr Named<Colour> kInAnotherOrder[] = {
    {Colour::kRed, "red"}, {Colour::kBlue, "blue"}, {Colour::kGreen, "green"}};
constexpr Named<Colour> kTwice[] = {
    {Colour::kRed, "red"}, {Colour::kGreen, "red"}, {Colour::kBlue, "blue"}};
constexpr Named<Colour> kNameless[] = {
    {Colour::kRed, "red"}, {Colour::kGreen, ""}, {Colour::kBlue, "blue"}};

TEST(Kinds, OnlyATableOfEveryKindInOrderIsComplete) {
  EXPECT_TRUE(is_complete(kColours));
  EXPECT_FALSE(is_complete(kTooFew));
  EXPECT_FALSE(is_complete(kInAnotherOrder));
  EXPECT_FALSE(is_complete(kTwice));
  EXPECT_FALSE(is_complete(kNameless));
}

TEST(Kinds, AreFoundByKindAndByName) {
  EXPECT_EQ(row_of(kColours, Colour::kGreen).name, "green");
  EXPECT_EQ(find_kind(kColours, "blue"), Colour::kBlue);
  EXPECT_FALSE(find_kind(kColours, "Blue"));
  EXPECT_FALSE(find_kind(kColours, ""));
}

TEST(Kinds, AlternativesAreListedAsInASentence) {
  EXPECT_EQ(alternatives(kColours, [](auto&) { return true; }), "red, green or blue");
  EXPECT_EQ(alternatives(kColours, [](auto& row) { return row.kind != Colour::kRed; }),
            "green or blue");
  EXPECT_EQ(alternatives(kColours, [](auto& row) { return row.kind == Colour::kRed; }), "red");
  EXPECT_EQ(alternatives(kColours, [](auto&) { return false; }), "");
}

/// Expects `all` to be the values from 0 on, each with a name of its own that reads back.
template <class Enum, class Parse>
void expect_names_read_back(std::span<const Enum> all, Parse parse) {
  std::set<std::string_view> names;
  for (const Enum kind : all) {
    EXPECT_EQ(kind, static_cast<Enum>(names.size()));
    EXPECT_TRUE(names.insert(name_of(kind)).second) << name_of(kind);
    EXPECT_EQ(parse(name_of(kind)), kind) << name_of(kind);
  }
  EXPECT_FALSE(parse("none of them"));
  EXPECT_FALSE(parse(""));
}

TEST(Kinds, EveryKindHasANameThatReadsBack) {
  expect_names_read_back(all_activations(), parse_activation);
  expect_names_read_back(all_costs(), parse_cost);
  expect_names_read_back(all_initializers(), parse_initializer);
  expect_names_read_back(all_algorithms(), parse_algorithm);
  expect_names_read_back(all_schedule_policies(), parse_schedule_policy);
}

/// Counts the enumerators among the values 0 to 63.
template <class Enum, std::size_t... kValues>
std::size_t count_enumerators(std::index_sequence<kValues...>) {
  return (std::size_t{is_enumerator<static_cast<Enum>(kValues)>()} + ...);
}
template <class Enum>
std::size_t count_enumerators() {
  return count_enumerators<Enum>(std::make_index_sequence<64>());
}

TEST(Kinds, NoEnumeratorIsLeftOut) {
  EXPECT_EQ(all_activations().size(), count_enumerators<Activation>());
  EXPECT_EQ(all_costs().size(), count_enumerators<Cost>());
  EXPECT_EQ(all_initializers().size(), count_enumerators<Initializer>());
  EXPECT_EQ(all_algorithms().size(), count_enumerators<Algorithm>());
  EXPECT_EQ(all_schedule_policies().size(), count_enumerators<SchedulePolicy>());
  EXPECT_EQ(all_data_sources().size(), count_enumerators<DataSource>());
}

TEST(Kinds, ThoseKnownByNameAloneAreNamed) {
  EXPECT_EQ(name_of(Reduction::kTiled), "tiled");
  EXPECT_EQ(name_of(TrainStatus::kDiverged), "diverged");
}

}  // namespace
}  // namespace nabla
