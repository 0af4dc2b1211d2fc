// SPDX-License-Identifier: MIT
#include "model/npz_parameters.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <span>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/model/model.h"

#include "support/errors.h"
#include "support/files.h"
#include "support/numpy_bytes.h"
#include "support/temp_folder.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

std::string floats(const std::vector<float>& numbers) { return bytes_of(numbers); }

/// The arrays of a 3-2-1 network, as NumPy writes them.
ZipMembers small_arrays() {
  return {{"weight_0.npy", npy("<f4", "(2, 3)", floats({1, 2, 3, 4, 5, 6}))},
          {"bias_0.npy", npy("<f4", "(2,)", floats({7, 8}))},
          {"weight_1.npy", npy("<f4", "(1, 2)", floats({9, 10}))},
          {"bias_1.npy", npy("<f4", "(1,)", floats({11}))}};
}

Network<float> small_network(bool batch_norm = false) {
  return Network<float>(Topology({3, 2, 1}, {kRelu, kIdentity}, batch_norm));
}

void parse_arrays(const ZipMembers& arrays, Network<float>& network) {
  const TempFolder folder;
  const std::string bytes = read_text(write_zip(folder.path() / "m.npz", arrays));
  parse_parameters<float>(std::as_bytes(std::span(bytes)), "m.npz", network);
}

TEST(NpzParameters, FillTheNetwork) {
  Network<float> network = small_network();
  parse_arrays(small_arrays(), network);
  EXPECT_EQ(network.weight(0)(0, 2), 3);
  EXPECT_EQ(network.weight(0)(1, 0), 4);
  EXPECT_EQ(network.bias(0)[1], 8);
  EXPECT_EQ(network.weight(1)(0, 1), 10);
  EXPECT_EQ(network.bias(1)[0], 11);
}

// w.T of a C array is saved in Fortran order.
TEST(NpzParameters, MayBeInAnyOrderAndFloatingPointType) {
  ZipMembers arrays = small_arrays();
  arrays[0].second = npy("<f4", "(2, 3)", floats({1, 4, 2, 5, 3, 6}), /*fortran_order=*/true);
  arrays[1].second = npy("<f8", "(2,)", bytes_of<double>({7, 8}));
  arrays[2].second = npy(">f4", "(1, 2)", std::string("\x41\x10\0\0\x41\x20\0\0", 8));
  arrays[3].second = npy("<f2", "(1,)", std::string("\x80\x49", 2));
  Network<float> network = small_network(), expected = small_network();
  parse_arrays(arrays, network);
  parse_arrays(small_arrays(), expected);
  EXPECT_TRUE(std::ranges::equal(network.parameters(), expected.parameters()));
}

TEST(NpzParameters, ThatDoNotFitAreRefusedAndLeaveTheNetwork) {
  const auto refused = [](std::size_t index, const std::string& name, const std::string& content) {
    ZipMembers arrays = small_arrays();
    arrays.at(index) = {name, content};
    Network<float> network = small_network();
    const std::string error = error_of<DataError>([&] { parse_arrays(arrays, network); });
    EXPECT_EQ(network.bias(0)[0], 0);
    return error;
  };
  EXPECT_EQ(refused(1, "b.npy", npy("<f4", "(2,)", floats({7, 8}))),
            "m.npz: array bias_0: missing, expected [2]; found weight_0, b, weight_1, bias_1");
  EXPECT_EQ(refused(0, "weight_0.npy", npy("<f4", "(3, 2)", floats({1, 2, 3, 4, 5, 6}))),
            "m.npz: array weight_0: shape [3, 2], expected [2, 3]");
  expect_in("array weight_1: numbers without fractions or text, expected float16",
            refused(2, "weight_1.npy", npy("<i4", "(1, 2)", bytes_of<std::int32_t>({9, 10}))));
  expect_in("array bias_1: element 0 is NaN, expected a finite number",
            refused(3, "bias_1.npy", npy("<f4", "(1,)", std::string("\0\0\xc0\x7f", 4))));
  expect_in("array bias_0: element 1 is too large for float32",
            refused(1, "bias_0.npy", npy("<f8", "(2,)", bytes_of<double>({7, 1e39}))));

  ZipMembers deeper = small_arrays();
  deeper.emplace_back("weight_2.npy", npy("<f4", "(1, 1)", floats({1})));
  Network<float> network = small_network();
  EXPECT_EQ(error_of<DataError>([&] { parse_arrays(deeper, network); }),
            "m.npz: array weight_2: a layer too many, expected 2");
  Network<float> normalized = small_network(true);
  expect_in("holds no batch normalisation, expected network.batch-norm = no",
            error_of<DataError>([&] { parse_arrays(small_arrays(), normalized); }));
}

}  // namespace
}  // namespace nabla
