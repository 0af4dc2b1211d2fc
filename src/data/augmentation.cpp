// SPDX-License-Identifier: MIT
#include "data/augmentation.h"

#include <cassert>
#include <cmath>
#include <numbers>
#include <string>

#include "nabla/base/error.h"

namespace nabla {

namespace {

void require_image(std::size_t height, std::size_t width) {
  const auto fits = [](std::size_t side) { return side >= 1 && side <= kMaxImageSide; };
  if (fits(height) && fits(width)) return;
  const std::string most = std::to_string(kMaxImageSide);
  throw ConfigError("data.augment: images of " + std::to_string(height) + " × " +
                    std::to_string(width) + " pixels, expected 1 × 1 to " + most + " × " + most);
}

}  // namespace

Augmentation::Augmentation(const AugmentOptions& options, std::size_t height, std::size_t width,
                           std::uint64_t seed)
    : options_(options), height_(height), width_(width), seed_(seed) {
  require_image(height, width);
  if (options.elastic) field_.emplace(height, width, options.elastic_alpha, options.elastic_sigma);
}

/// The inverse of: scale about the centre, rotate, shift.
AffineMap Augmentation::draw_affine(Random& random) const {
  const double angle = random.uniform(-1, 1) * options_.rotation * (std::numbers::pi / 180);
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
  const AffineMap map = options_.affine ? draw_affine(random) : AffineMap{};
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

std::optional<Augmentation> make_augmentation(const AugmentOptions& options, const Dataset& train,
                                              std::uint64_t seed) {
  if (!options.affine && !options.elastic) return std::nullopt;
  const std::size_t pixels = train.image_height * train.image_width;
  if (pixels == 0 || train.inputs() % pixels != 0)
    throw ConfigError(
        "data.augment: the training rows are not images, expected data.augment = none");
  if (train.inputs() / pixels > kMaxImageChannels)
    throw ConfigError("data.augment: images of " + std::to_string(train.inputs() / pixels) +
                      " channels, expected at most " + std::to_string(kMaxImageChannels));
  return Augmentation(options, train.image_height, train.image_width, seed);
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
