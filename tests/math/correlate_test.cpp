// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <vector>

#include "support/elementwise_fixture.h"

namespace nabla::elementwise {
namespace {

class Correlate : public InstructionSets {};
INSTANTIATE_TEST_SUITE_P(Kernels, Correlate, all_instruction_sets(), instruction_set_name);

template <class T>
void expect_equal_to_twin(std::size_t size, std::size_t count, std::size_t stride) {
  std::vector<T> weights, x;
  for (std::size_t k = 0; k < count; ++k) weights.push_back(sample<T>(k));
  for (std::size_t i = 0; i < size + (count - 1) * stride; ++i) x.push_back(sample<T>(i + 100));
  constexpr T kUntouched = -7;
  std::vector<T> out(size + 1, kUntouched);
  correlate<T>(weights, x, stride, std::span(out).first(size));
  for (std::size_t i = 0; i < size; ++i) {
    T sum = 0;
    for (std::size_t k = 0; k < count; ++k) {
      // The product is stored in between, so that no compiler fuses the two roundings.
      volatile T product = weights[k] * x[i + k * stride];
      sum += product;
    }
    ASSERT_EQ(out[i], sum) << "element " << i << " of " << size;
  }
  EXPECT_EQ(out[size], kUntouched);
}

TEST_P(Correlate, IsTheNaiveSumToTheLastBit) {
  for (const std::size_t size : {1UL, 3UL, 16UL, 63UL, 64UL, 65UL, 127UL, 784UL})
    for (const std::size_t count : {1UL, 2UL, 25UL})
      for (const std::size_t stride : {1UL, 28UL}) {
        expect_equal_to_twin<float>(size, count, stride);
        expect_equal_to_twin<double>(size, count, stride);
      }
}

}  // namespace
}  // namespace nabla::elementwise
