// SPDX-License-Identifier: MIT
// A program outside the project, built against the installed package alone.
#include <cstdio>

#include <nabla/base/random.h>
#include <nabla/base/version.h>
#include <nabla/data/dataset.h>

int main() {
  nabla::Random random(1);
  nabla::Dataset dataset;
  nabla::Matrix<float> features(4, 3);
  for (std::size_t row = 0; row < features.rows(); ++row)
    for (float& feature : features.row(row)) feature = static_cast<float>(random.normal());
  dataset.features = features;
  dataset.labels = {0, 1, 0, 1};
  dataset.classes = {"even", "odd"};

  const nabla::Dataset last = nabla::slice(dataset, 3, 1);
  if (last.rows() != 1 || last.inputs() != 3 || last.outputs() != 2 || last.labels[0] != 1)
    return 1;
  std::printf("nabla %s\n", nabla::version().data());
  return 0;
}
