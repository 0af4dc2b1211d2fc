// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nabla/data/augment_options.h"
#include "nabla/data/dataset.h"

#include "base/random.h"

namespace nabla {

/// Images to be deformed have at most so many rows and at most so many columns.
inline constexpr std::size_t kMaxImageSide = 96;
inline constexpr std::size_t kMaxImagePixels = kMaxImageSide * kMaxImageSide;

/// The memory that ElasticField::draw works in; it is large, but needs no initial values.
struct ElasticScratch {
  float noise[2 * kMaxImagePixels];
  float smooth[kMaxImagePixels];
};

/// The random displacement fields of Simard, Steinkraus and Platt, "Best practices for
/// convolutional neural networks applied to visual document analysis" (ICDAR 2003): white noise,
/// uniform in ±1, convolved with a Gaussian and scaled.
///
/// The noise is continued periodically, so a pixel at the border moves as far as one in the centre.
/// The paper's Gaussian has the sum 1, which makes fields weaker as sigma grows; here it is
/// multiplied by sigma, so that alpha alone says how far pixels move: their alpha 34 with sigma 4
/// is 34 / 4 = 8.5 here. A value; several threads may call draw.
class ElasticField {
 public:
  /// height, width ≤ kMaxImageSide; alpha ≥ 0; sigma > 0, in pixels.
  ElasticField(std::size_t height, std::size_t width, double alpha, double sigma);

  /// field ← one coordinate's displacement in pixels at every pixel, [height × width].
  void draw(Random& random, ElasticScratch& scratch, std::span<float> field) const;

 private:
  std::size_t height_;
  std::size_t width_;
  std::vector<float> across_;  ///< weights of the pass along each row of the image
  std::vector<float> down_;    ///< along each column, with the scale of the whole
};

/// The map from a pixel's own place, right and down of the image's centre, to the place (x, y) at
/// which it is read; all in pixels.
struct AffineMap {
  float x_right = 1, x_down = 0, x_shift = 0;
  float y_right = 0, y_down = 1, y_shift = 0;
};

/// An image with one line of zeros on its upper and left and two on its lower and right side, so
/// that interpolation near the border needs no distinction. A row has width + kBorder elements.
inline constexpr std::size_t kBorder = 3;
template <class T>
struct BorderedImage {
  T pixels[(kMaxImageSide + kBorder) * (kMaxImageSide + kBorder)];
};

/// The places at which the pixels of the result are read. Each is interpolated from four pixels of
/// a bordered image: `corner` is the index of the upper left one, `right` and `lower` are the
/// weights of the right and of the lower ones.
struct SamplePlan {
  std::int32_t corner[kMaxImagePixels];
  float right[kMaxImagePixels];
  float lower[kMaxImagePixels];
};

/// Fills the first height · width elements of the plan. `across` and `down` displace each place
/// further, [height × width] in pixels, unless they are empty. A place outside the image reads
/// zeros.
void plan_samples(const AffineMap& map, std::size_t height, std::size_t width,
                  std::span<const float> across, std::span<const float> down, SamplePlan& plan);

/// bordered ← the pixels, [height × width], with their border.
template <class S, class T>
void add_border(std::span<const S> pixels, std::size_t width, BorderedImage<T>& bordered);

/// to[i] ← the pixel that the plan interpolates bilinearly; exact if the plan reads at a pixel's
/// own place.
template <class T>
void resample(const BorderedImage<T>& bordered, const SamplePlan& plan, std::size_t width,
              std::span<T> to);

/// Images have at most so many channels: red, green, blue and one more.
inline constexpr std::size_t kMaxImageChannels = 4;

/// The memory that Augmentation::deform works in, up to 0.5 MB on the stack of a task; `deform`
/// touches no more of it than the images need. T is the type of the deformed pixels.
template <class T>
struct AugmentScratch {
  ElasticScratch elastic;
  float across[kMaxImagePixels];
  float down[kMaxImagePixels];
  SamplePlan samples;
  BorderedImage<T> image;
};

/// Random deformations of images, which depend on seed, epoch and row alone. The inverse of
/// rotation, scale and shift gives the place at which a pixel of the result is read, the elastic
/// field displaces that place, and one bilinear interpolation reads it. Outside the image there are
/// zeros. All channels, stored one plane after the other, are deformed alike. Immutable; several
/// threads may call deform, which allocates nothing.
class Augmentation {
 public:
  /// `row_rotations` has the largest angle of each data row in degrees; if it is empty, that of the
  /// options holds for all. Throws ConfigError, which names the key, if the images do not have 1 to
  /// kMaxImageSide rows and columns.
  Augmentation(const AugmentOptions& options, std::size_t height, std::size_t width,
               std::uint64_t seed, std::vector<double> row_rotations = {});

  /// deformed ← the image of data row `row` as epoch `epoch` sees it, in the units of `pixels`.
  /// Both are [channels × height × width].
  template <class S, class T>
  void deform(std::span<const S> pixels, std::size_t epoch, std::uint32_t row,
              std::span<T> deformed, AugmentScratch<T>& scratch) const;

 private:
  AffineMap draw_affine(Random& random, double rotation) const;

  AugmentOptions options_;
  std::size_t height_;
  std::size_t width_;
  std::uint64_t seed_;
  std::vector<double> row_rotations_;
  std::optional<ElasticField> field_;
};

/// Returns the augmentation of these training rows; nullopt if the options ask for none. Throws
/// ConfigError as the constructor does, and if the rows are not images of at most kMaxImageChannels
/// channels, or have no class that the options name.
std::optional<Augmentation> make_augmentation(const AugmentOptions& options, const Dataset& train,
                                              std::uint64_t seed);

}  // namespace nabla
