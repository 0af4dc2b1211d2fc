// SPDX-License-Identifier: MIT
#include "data/normalization.h"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "nabla/data/preprocess.h"

namespace nabla {
namespace {

Dataset rows_of(std::initializer_list<double> values) {
  Matrix<double> features(values.size() / 2, 2);
  std::ranges::copy(values, features.data());
  Dataset data;
  data.features = std::move(features);
  return data;
}

TEST(Normalizations, EachHasARowWithANameThatParsesBack) {
  std::set<std::string_view> names;
  for (const Normalization normalization : all_normalizations()) {
    EXPECT_EQ(traits_of(normalization).kind, normalization);
    EXPECT_EQ(parse_normalization(name_of(normalization)), normalization);
    EXPECT_TRUE(names.insert(name_of(normalization)).second) << name_of(normalization);
  }
  EXPECT_TRUE(names.contains(name_of(Normalization::kWhiten)));
  EXPECT_EQ(parse_normalization("Scale"), std::nullopt);
}

TEST(Normalizations, FittingSetsWhatTheFormulaReadsAndNothingElse) {
  const Dataset train = rows_of({1, 2, 3, 7, 4, 5});
  for (const Normalization normalization : all_normalizations()) {
    if (normalization == Normalization::kAuto) continue;
    const Preprocess fitted = fit_preprocess(normalization, train);
    const InputFormula formula = traits_of(normalization).formula;
    const bool reads_shift = formula == InputFormula::kShifted ||
                             formula == InputFormula::kAffine || formula == InputFormula::kRotated;
    EXPECT_EQ(fitted.kind, normalization);
    EXPECT_EQ(!fitted.shift.empty(), reads_shift) << name_of(normalization);
    EXPECT_EQ(!fitted.divisor.empty(), formula == InputFormula::kAffine) << name_of(normalization);
    EXPECT_EQ(!fitted.components.empty(), formula == InputFormula::kRotated)
        << name_of(normalization);
    EXPECT_EQ(is_fitted(normalization), reads_shift) << name_of(normalization);
  }
}

TEST(Normalizations, AutoIsResolvedByTheTypeOfTheFeatures) {
  Dataset bytes;
  bytes.features = Matrix<std::uint8_t>(2, 2);
  EXPECT_EQ(fit_preprocess(Normalization::kAuto, bytes).kind, Normalization::kScale);
  EXPECT_EQ(fit_preprocess(Normalization::kAuto, rows_of({1, 2})).kind, Normalization::kNone);
}

}  // namespace
}  // namespace nabla
