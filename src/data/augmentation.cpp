// SPDX-License-Identifier: MIT
#include "data/augmentation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>

#include "nabla/base/error.h"

#include "math/elementwise.h"

namespace nabla {

namespace {

/// Returns a Gaussian up to three standard deviations, wound around a circle of `size` points; its
/// squares add up to scale². It may start anywhere on the circle, as noise is the same everywhere.
std::vector<float> circular_gaussian(std::size_t size, double sigma, double scale) {
  const auto radius = static_cast<std::size_t>(std::ceil(3 * sigma));
  std::vector<double> weights(std::min(2 * radius + 1, size));
  for (std::size_t k = 0; k <= 2 * radius; ++k) {
    const double t = (static_cast<double>(k) - static_cast<double>(radius)) / sigma;
    weights[k % size] += std::exp(-0.5 * t * t);
  }
  double squares = 0;
  for (const double weight : weights) squares += weight * weight;
  std::vector<float> scaled;
  for (const double weight : weights)
    scaled.push_back(static_cast<float>(weight * scale / std::sqrt(squares)));
  return scaled;
}

/// Repeats the first `count` elements behind the first `size`, so that a correlation goes around
/// the circle.
void wrap(std::span<float> line, std::size_t size, std::size_t count) {
  std::copy_n(line.begin(), count, line.begin() + static_cast<std::ptrdiff_t>(size));
}

/// to[i] ← uniform in (−1, 1), four from each random number: 256 values, symmetric about 0. A field
/// is a weighted sum of so many of them that finer values would not show.
void draw_noise(Random& random, std::span<float> to) {
  for (std::size_t i = 0; i < to.size(); i += 4) {
    std::uint32_t bits = random.bits();
    for (std::size_t j = i; j < std::min(i + 4, to.size()); ++j, bits >>= 8)
      to[j] = (static_cast<float>(bits & 0xFF) - 127.5F) * 0x1p-7F;
  }
}

}  // namespace

ElasticField::ElasticField(std::size_t height, std::size_t width, double alpha, double sigma)
    : height_(height),
      width_(width),
      across_(circular_gaussian(width, sigma, 1)),
      // The squares of a two-dimensional Gaussian of sum 1 add up to 1 / (4πσ²).
      down_(circular_gaussian(height, sigma, alpha * 0.5 * std::numbers::inv_sqrtpi)) {
  assert(height <= kMaxImageSide && width <= kMaxImageSide);
}

void ElasticField::draw(Random& random, ElasticScratch& scratch, std::span<float> field) const {
  const std::size_t pixels = height_ * width_;
  assert(field.size() == pixels);
  // The first pass goes column by column and the field is turned before the second, so that each
  // pass runs over whole lines of memory.
  const std::span<float> noise(scratch.noise);
  const std::span<float> smooth = std::span(scratch.smooth).first(pixels);
  draw_noise(random, noise.first(pixels));
  wrap(noise, pixels, (across_.size() - 1) * height_);
  elementwise::correlate<float>(across_, noise, height_, smooth);
  for (std::size_t y = 0; y < height_; ++y)
    for (std::size_t x = 0; x < width_; ++x) noise[y * width_ + x] = smooth[x * height_ + y];
  wrap(noise, pixels, (down_.size() - 1) * width_);
  elementwise::correlate<float>(down_, noise, width_, field);
}

namespace {

/// Returns the coordinate of the first pixel, counted from the centre.
float first_place(std::size_t size) { return -0.5F * static_cast<float>(size - 1); }

/// Plans one row. The places x and y are counted from the border's corner.
void plan_row(const float* x, const float* y, std::size_t height, std::size_t width,
              std::int32_t* corner, float* right, float* lower) {
  const float x_end = static_cast<float>(width + 1), y_end = static_cast<float>(height + 1);
  const auto stride = static_cast<std::int32_t>(width + kBorder);
  for (std::size_t j = 0; j < width; ++j) {
    // Further than one pixel outside there is only more of the border.
    const float px = std::min(std::max(x[j], 0.0F), x_end);
    const float py = std::min(std::max(y[j], 0.0F), y_end);
    const auto column = static_cast<std::int32_t>(px), row = static_cast<std::int32_t>(py);
    corner[j] = row * stride + column;
    right[j] = px - static_cast<float>(column);
    lower[j] = py - static_cast<float>(row);
  }
}

}  // namespace

void plan_samples(const AffineMap& map, std::size_t height, std::size_t width,
                  std::span<const float> across, std::span<const float> down, SamplePlan& plan) {
  assert(height <= kMaxImageSide && width <= kMaxImageSide);
  // Places are moved from the centre to the border's corner.
  const float x_corner = 1 - first_place(width), y_corner = 1 - first_place(height);
  float x[kMaxImageSide], y[kMaxImageSide];
  for (std::size_t i = 0; i < height; ++i) {
    const std::size_t first = i * width;
    const float from_middle = first_place(height) + static_cast<float>(i);
    const float x_row = map.x_down * from_middle + map.x_shift;
    const float y_row = map.y_down * from_middle + map.y_shift;
    for (std::size_t j = 0; j < width; ++j) {
      const float from_centre = first_place(width) + static_cast<float>(static_cast<int>(j));
      x[j] = map.x_right * from_centre + x_row + x_corner;
      y[j] = map.y_right * from_centre + y_row + y_corner;
    }
    if (!across.empty())
      for (std::size_t j = 0; j < width; ++j) {
        x[j] += across[first + j];
        y[j] += down[first + j];
      }
    plan_row(x, y, height, width, plan.corner + first, plan.right + first, plan.lower + first);
  }
}

template <class S, class T>
void add_border(std::span<const S> pixels, std::size_t width, BorderedImage<T>& bordered) {
  const std::size_t height = pixels.size() / width;
  const std::size_t stride = width + kBorder;
  T* to = std::fill_n(bordered.pixels, stride, T(0));
  for (std::size_t i = 0; i < height; ++i) {
    *to++ = 0;
    for (const S pixel : pixels.subspan(i * width, width)) *to++ = static_cast<T>(pixel);
    to = std::fill_n(to, kBorder - 1, T(0));
  }
  std::fill_n(to, 2 * stride, T(0));
}

template <class T>
void resample(const BorderedImage<T>& bordered, const SamplePlan& plan, std::size_t width,
              std::span<T> to) {
  const std::size_t stride = width + kBorder;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const T* const corner = bordered.pixels + plan.corner[i];
    const T right = static_cast<T>(plan.right[i]), lower = static_cast<T>(plan.lower[i]);
    const T above = corner[0] + right * (corner[1] - corner[0]);
    const T below = corner[stride] + right * (corner[stride + 1] - corner[stride]);
    to[i] = above + lower * (below - above);
  }
}

template void add_border(std::span<const std::uint8_t>, std::size_t, BorderedImage<float>&);
template void add_border(std::span<const std::uint8_t>, std::size_t, BorderedImage<double>&);
template void add_border(std::span<const float>, std::size_t, BorderedImage<float>&);
template void add_border(std::span<const float>, std::size_t, BorderedImage<double>&);
template void add_border(std::span<const double>, std::size_t, BorderedImage<float>&);
template void add_border(std::span<const double>, std::size_t, BorderedImage<double>&);
template void resample(const BorderedImage<float>&, const SamplePlan&, std::size_t,
                       std::span<float>);
template void resample(const BorderedImage<double>&, const SamplePlan&, std::size_t,
                       std::span<double>);

namespace {

void require_image(std::size_t height, std::size_t width) {
  const auto fits = [](std::size_t side) { return side >= 1 && side <= kMaxImageSide; };
  if (fits(height) && fits(width)) return;
  const std::string most = std::to_string(kMaxImageSide);
  throw ConfigError("data.augment", "images of " + std::to_string(height) + " × " +
                                        std::to_string(width) + " pixels, expected 1 × 1 to " +
                                        most + " × " + most);
}

}  // namespace

Augmentation::Augmentation(const AugmentOptions& options, std::size_t height, std::size_t width,
                           std::uint64_t seed, std::vector<double> row_rotations)
    : options_(options),
      height_(height),
      width_(width),
      seed_(seed),
      row_rotations_(std::move(row_rotations)) {
  require_image(height, width);
  if (options.elastic) field_.emplace(height, width, options.elastic_alpha, options.elastic_sigma);
}

/// Draws a scaling about the centre, a rotation and a shift in this order, and returns the inverse.
AffineMap Augmentation::draw_affine(Random& random, double rotation) const {
  const double angle = random.uniform(-1, 1) * rotation * (std::numbers::pi / 180);
  const double height = 1 + random.uniform(-1, 1) * options_.scale;
  const double width = 1 + random.uniform(-1, 1) * options_.scale;
  const double down = random.uniform(-1, 1) * options_.shift;
  const double right = random.uniform(-1, 1) * options_.shift;
  const double cosine = std::cos(angle), sine = std::sin(angle);
  const auto narrow = [](double x) { return static_cast<float>(x); };
  return {narrow(cosine / width),
          narrow(sine / width),
          narrow(-(cosine * right + sine * down) / width),
          narrow(-sine / height),
          narrow(cosine / height),
          narrow((sine * right - cosine * down) / height)};
}

template <class S, class T>
void Augmentation::deform(std::span<const S> pixels, std::size_t epoch, std::uint32_t row,
                          std::span<T> deformed, AugmentScratch<T>& scratch) const {
  const std::size_t plane = height_ * width_;
  assert(pixels.size() == deformed.size() && pixels.size() % plane == 0);
  Random random(seed_, Stream::kAugmentation, row, static_cast<std::uint32_t>(epoch));
  const double rotation = row_rotations_.empty() ? options_.rotation : row_rotations_[row];
  const AffineMap map = options_.affine ? draw_affine(random, rotation) : AffineMap{};
  std::span<float> across, down;
  if (field_) {
    across = std::span(scratch.across).first(plane);
    down = std::span(scratch.down).first(plane);
    field_->draw(random, scratch.elastic, across);
    field_->draw(random, scratch.elastic, down);
  }
  plan_samples(map, height_, width_, across, down, scratch.samples);
  for (std::size_t first = 0; first < pixels.size(); first += plane) {
    add_border(pixels.subspan(first, plane), width_, scratch.image);
    resample(scratch.image, scratch.samples, width_, deformed.subspan(first, plane));
  }
}

namespace {

/// Returns the largest angle of each row; empty if no class has one of its own.
std::vector<double> row_rotations(const AugmentOptions& options, const Dataset& train) {
  if (options.rotation_of.empty()) return {};
  std::vector<double> of_class(train.classes.size(), options.rotation);
  for (const ClassRotation& rotation : options.rotation_of) {
    const auto found = std::ranges::find(train.classes, rotation.class_name);
    if (found == train.classes.end())
      throw ConfigError(
          "augment.rotation-of",
          "\"" + rotation.class_name + "\" is no class of the training rows, expected " +
              (train.classes.empty()
                   ? "a classification"
                   : "classes from " + train.classes.front() + " to " + train.classes.back()));
    of_class[static_cast<std::size_t>(found - train.classes.begin())] = rotation.degrees;
  }
  std::vector<double> of_row;
  of_row.reserve(train.labels.size());
  for (const std::uint32_t label : train.labels) of_row.push_back(of_class[label]);
  return of_row;
}

}  // namespace

std::optional<Augmentation> make_augmentation(const AugmentOptions& options, const Dataset& train,
                                              std::uint64_t seed) {
  if (!options.affine && !options.elastic) return std::nullopt;
  const std::size_t pixels = train.image_height * train.image_width;
  if (pixels == 0 || train.inputs() % pixels != 0)
    throw ConfigError(
        "data.augment: the training rows are not images, expected data.augment = none");
  if (train.inputs() / pixels > kMaxImageChannels)
    throw ConfigError("data.augment", "images of " + std::to_string(train.inputs() / pixels) +
                                          " channels, expected at most " +
                                          std::to_string(kMaxImageChannels));
  return Augmentation(options, train.image_height, train.image_width, seed,
                      row_rotations(options, train));
}

template void Augmentation::deform(std::span<const std::uint8_t>, std::size_t, std::uint32_t,
                                   std::span<float>, AugmentScratch<float>&) const;
template void Augmentation::deform(std::span<const std::uint8_t>, std::size_t, std::uint32_t,
                                   std::span<double>, AugmentScratch<double>&) const;
template void Augmentation::deform(std::span<const float>, std::size_t, std::uint32_t,
                                   std::span<float>, AugmentScratch<float>&) const;
template void Augmentation::deform(std::span<const float>, std::size_t, std::uint32_t,
                                   std::span<double>, AugmentScratch<double>&) const;
template void Augmentation::deform(std::span<const double>, std::size_t, std::uint32_t,
                                   std::span<float>, AugmentScratch<float>&) const;
template void Augmentation::deform(std::span<const double>, std::size_t, std::uint32_t,
                                   std::span<double>, AugmentScratch<double>&) const;

}  // namespace nabla
