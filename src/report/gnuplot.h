// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/plot.h"

namespace nabla::report {

/// The gnuplot on PATH, if there is one.
std::optional<std::filesystem::path> find_gnuplot();

struct Drawings {
  /// One per plot; empty where it could not be drawn.
  std::vector<std::string> svgs;
  /// What gnuplot said where it failed, in one line; else empty.
  std::string problem;
};

/// Draws all plots with one gnuplot process, without the user's start-up files.
Drawings draw(const std::filesystem::path& gnuplot, std::span<const Plot> plots);

}  // namespace nabla::report
