// SPDX-License-Identifier: MIT
#include "run/node_data.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "base/shared_memory.h"
#include "run/dataset_message.h"
#include "run/together.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

constexpr Dataset DataSplit::*kParts[] = {&DataSplit::train, &DataSplit::validation,
                                          &DataSplit::test};

/// Deals out a shared memory from its start on, as writer or as reader.
class Dealer {
 public:
  explicit Dealer(std::span<std::byte> bytes) : bytes_(bytes) {}

  /// The next so many elements, on a boundary that suits any of them.
  template <class T>
  std::span<T> take(std::size_t count) {
    T* const first = reinterpret_cast<T*>(bytes_.data() + end_);
    end_ += bytes_of<T>(count);
    return {first, count};
  }
  template <class T>
  static std::size_t bytes_of(std::size_t count) {
    return (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
  }

 private:
  std::span<std::byte> bytes_;
  std::size_t end_ = 0;
};

/// The extent of features in shared memory.
struct Extent {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t entries = 0;  ///< of sparse rows
  bool has_values = false;  ///< whether the entries have values
};

template <class T>
Extent extent_of(const FeatureMatrix<T>& features) {
  return {features.rows(), features.cols()};
}
template <class T>
Extent extent_of(const SparseMatrix<T>& features) {
  Extent extent{features.rows(), features.cols(), features.entries(), false};
  for (std::size_t i = 0; i < extent.rows; ++i)
    extent.has_values = extent.has_values || !features.row(i).values.empty();
  return extent;
}

/// Not if a node has the features once already, nor entries of which only some have values.
template <class T>
bool can_be_shared(const FeatureMatrix<T>& features) {
  return !features.is_mapped();
}
template <class T>
bool can_be_shared(const SparseMatrix<T>& features) {
  const bool has_values = extent_of(features).has_values;
  for (std::size_t i = 0; i < features.rows(); ++i)
    if (const SparseRow<T> row = features.row(i);
        row.values.empty() == has_values && row.size() > 0)
      return false;
  return true;
}

/// One kind of features as they lie in shared memory.
template <class Features>
struct Layout;

template <class T>
struct Layout<FeatureMatrix<T>> {
  static std::size_t bytes(const Extent& extent) {
    return Dealer::bytes_of<T>(extent.rows * extent.cols);
  }
  static void write(const FeatureMatrix<T>& features, Dealer& dealer) {
    auto to = dealer.take<T>(features.rows() * features.cols()).begin();
    for (std::size_t i = 0; i < features.rows(); ++i)
      to = std::ranges::copy(features.row(i), to).out;
  }
  static FeatureMatrix<T> read(const Extent& extent, Dealer& dealer,
                               std::shared_ptr<const void> owner) {
    const std::span<const T> elements = dealer.take<T>(extent.rows * extent.cols);
    return {MatrixView<const T>(elements.data(), extent.rows, extent.cols), std::move(owner)};
  }
};

template <class T>
struct Layout<SparseMatrix<T>> {
  static std::size_t bytes(const Extent& extent) {
    return Dealer::bytes_of<std::size_t>(extent.rows + 1) +
           Dealer::bytes_of<std::uint32_t>(extent.entries) +
           (extent.has_values ? Dealer::bytes_of<T>(extent.entries) : 0);
  }
  static void write(const SparseMatrix<T>& features, Dealer& dealer) {
    const Extent extent = extent_of(features);
    const auto starts = dealer.take<std::size_t>(extent.rows + 1);
    const auto columns = dealer.take<std::uint32_t>(extent.entries);
    const auto values = dealer.take<T>(extent.has_values ? extent.entries : 0);
    std::size_t place = 0;
    for (std::size_t i = 0; i < extent.rows; ++i) {
      const SparseRow<T> row = features.row(i);
      starts[i] = place;
      std::ranges::copy(row.columns, columns.subspan(place).begin());
      if (extent.has_values)
        for (std::size_t k = 0; k < row.size(); ++k) values[place + k] = row.value(k);
      place += row.size();
    }
    starts[extent.rows] = place;
  }
  static SparseMatrix<T> read(const Extent& extent, Dealer& dealer,
                              std::shared_ptr<const void> owner) {
    const std::span<const std::size_t> starts = dealer.take<std::size_t>(extent.rows + 1);
    const std::uint32_t* const columns = dealer.take<std::uint32_t>(extent.entries).data();
    const T* const values = extent.has_values ? dealer.take<T>(extent.entries).data() : nullptr;
    return {starts, columns, values, extent.cols, std::move(owner)};
  }
};

/// Empty features of the alternative that has this place in the variant.
template <std::size_t I = 0>
Dataset::Features features_of_kind(std::size_t kind) {
  if constexpr (I + 1 < std::variant_size_v<Dataset::Features>)
    if (kind != I) return features_of_kind<I + 1>(kind);
  return Dataset::Features(std::in_place_index<I>);
}

/// Moves the features of all parts to shared memory, and returns what others need in order to take
/// them.
std::string share(DataSplit& data) {
  Json parts = Json::array();
  std::size_t size = 0;
  for (const auto part : kParts)
    std::visit(
        [&]<class F>(const F& features) {
          const Extent extent = extent_of(features);
          size += Layout<F>::bytes(extent);
          const Json place = {(data.*part).features.index(), extent.rows, extent.cols,
                              extent.entries, extent.has_values};
          const std::string others = to_bytes(data.*part);
          parts.push_back(Json{place, Json::binary({others.begin(), others.end()})});
        },
        (data.*part).features);
  const SharedMemory memory(size);
  Dealer writer(memory.bytes());
  for (const auto part : kParts)
    std::visit([&]<class F>(const F& features) { Layout<F>::write(features, writer); },
               (data.*part).features);
  const auto owner = std::make_shared<const SharedMemory>(memory);
  Dealer reader(memory.bytes());
  for (const auto part : kParts)
    std::visit([&]<class F>(
                   F& features) { features = Layout<F>::read(extent_of(features), reader, owner); },
               (data.*part).features);
  std::string bytes;
  Json::to_msgpack({memory.name(), parts}, bytes);
  return bytes;
}

/// Returns the data that another process has shared.
DataSplit shared_data(const std::string& message) {
  const Json json = Json::from_msgpack(message);
  const auto memory = std::make_shared<const SharedMemory>(json[0].get<std::string>());
  Dealer reader(memory->bytes());
  DataSplit data;
  for (std::size_t i = 0; i < std::size(kParts); ++i) {
    const Json &place = json[1][i][0], &others = json[1][i][1];
    Dataset& part = data.*kParts[i];
    part = dataset_message({others.get_binary().begin(), others.get_binary().end()});
    part.features = features_of_kind(place[0]);
    const Extent extent{place[1], place[2], place[3], place[4]};
    std::visit([&]<class F>(F& features) { features = Layout<F>::read(extent, reader, memory); },
               part.features);
  }
  return data;
}

}  // namespace

DataSplit read_once_a_node(Ranks& ranks, const std::function<DataSplit()>& read) {
  if (ranks.size() == 1) return read();
  const std::unique_ptr<Ranks> node = ranks.node();
  const bool is_reader = node->rank() == 0;
  DataSplit data;
  std::string message;
  together(ranks, [&] {
    if (!is_reader) return;
    data = read();
    const auto is_fit = [&](const auto part) {
      return std::visit([](const auto& features) { return can_be_shared(features); },
                        (data.*part).features);
    };
    if (node->size() == 1 || !std::ranges::all_of(kParts, is_fit)) return;
    try {
      message = share(data);
    } catch (const std::system_error&) {
      // The node has no such memory, or too little.
    }
  });
  message = text_of_first(*node, message);
  together(ranks, [&] {
    if (is_reader) return;
    try {
      if (!message.empty()) data = shared_data(message);
    } catch (const std::system_error&) {
      // A container of its own does not let this process see the memory.
      message.clear();
    }
    if (message.empty()) data = read();
  });
  return data;
}

}  // namespace nabla
