// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace nabla {

/// Another largest angle for the images of a class. A value.
struct ClassRotation {
  std::string class_name;
  double degrees;  ///< 0 to 180

  bool operator==(const ClassRotation&) const = default;
};

/// How training images are deformed, each anew in every epoch. Strengths bound what is drawn for
/// one image; 0 leaves that part out. Validation and test rows are never deformed.
struct AugmentOptions {
  /// Rotate, scale and shift.
  bool affine = false;
  /// Displace every pixel by a smooth random field.
  bool elastic = false;

  /// affine: about the centre by an angle uniform in ±rotation degrees; 0 to 180.
  double rotation = 10;
  /// affine: classes with an angle of their own in place of `rotation`, each at most once.
  std::vector<ClassRotation> rotation_of = {};
  /// affine: height and width, each by a factor of its own uniform in 1 ± scale; 0 to 0.9.
  double scale = 0.1;
  /// affine: down and right, each uniform in ±shift pixels; 0 to 100.
  double shift = 2;
  /// elastic: strength; 0 to 100. Each coordinate is displaced by a root mean square of
  /// alpha / (2√(3π)) ≈ 0.163 · alpha pixels, whatever sigma is: 1.3 pixels with 8.
  double elastic_alpha = 8;
  /// elastic: standard deviation, in pixels, of the Gaussian that makes the field smooth; 0.1 to
  /// 100. From about the size of the image on, all pixels move alike.
  double elastic_sigma = 4;
};

/// Throws ConfigError naming the first key that is out of range.
void validate(const AugmentOptions& options);

}  // namespace nabla
