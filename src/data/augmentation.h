// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "nabla/data/augment_options.h"
#include "nabla/data/dataset.h"

#include "base/random.h"
#include "data/deformation.h"

namespace nabla {

/// Red, green, blue and one more.
inline constexpr std::size_t kMaxImageChannels = 4;

/// The memory that Augmentation::deform works in: for the stack of a task, up to 0.5 MB of which no
/// more is touched than the images need. T is the type of the deformed pixels.
template <class T>
struct AugmentScratch {
  ElasticScratch elastic;
  float across[kMaxImagePixels];
  float down[kMaxImagePixels];
  SamplePlan samples;
  BorderedImage<T> image;
};

/// Random deformations of images: how a row of pixels looks in an epoch is a function of seed,
/// epoch and row alone. A pixel of the result is read, bilinearly, where the inverse of rotation,
/// scale and shift puts it and the elastic field displaces that place: one interpolation for both.
/// Outside the image there is zero. All channels, stored one plane after the other, are deformed
/// alike. Immutable; deform allocates nothing and may be called from several threads.
class Augmentation {
 public:
  /// Throws ConfigError, naming the key, for options out of range and for images of other than 1
  /// to kMaxImageSide rows and columns.
  Augmentation(const AugmentOptions& options, std::size_t height, std::size_t width,
               std::uint64_t seed);

  /// deformed ← the image of data row `row` as epoch `epoch` sees it, in the units of `pixels`.
  /// Both are [channels × height × width].
  template <class S, class T>
  void deform(std::span<const S> pixels, std::size_t epoch, std::uint32_t row,
              std::span<T> deformed, AugmentScratch<T>& scratch) const;

 private:
  AffineMap draw_affine(Random& random) const;

  AugmentOptions options_;
  std::size_t height_;
  std::size_t width_;
  std::uint64_t seed_;
  std::optional<ElasticField> field_;
};

/// The augmentation of these training rows; unset if the options ask for none. Throws
/// ConfigError as the constructor does, and if the rows are not images of at most
/// kMaxImageChannels channels.
std::optional<Augmentation> make_augmentation(const AugmentOptions& options, const Dataset& train,
                                              std::uint64_t seed);

}  // namespace nabla
