// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/numpy_file.h"
#include "data/source.h"

namespace nabla {

// A sparse matrix as scipy.sparse.save_npz writes it: an NPZ file with the arrays format, shape,
// data and, for the formats csr and csc, indices and indptr, or row and col for coo.

/// Returns whether the file holds a sparse matrix.
bool is_sparse_npz(const NpzFile& file);

/// Returns a data set of the matrix' rows, without targets. Entries at the same place are summed in
/// their type, as SciPy does, and those that are 0 are left out. uint8 stays uint8; float32,
/// float16 and integers that float holds exactly become float, others double. NaN stays, as a
/// missing value. Shares the arrays of the file if they need no conversion. Throws DataError if
/// arrays are missing or contradict each other or the shape, for an infinite number, and for more
/// rows or columns than the entries make plausible.
Dataset read_sparse_npz(const NpzFile& file);

/// Reads the pairs of a sparse matrix and a file of labels that the options name; `train` is the
/// file of the training rows. Throws ConfigError if labels are missing.
SourceRows read_sparse_npz_source(const DataOptions& options, const NpzFile& train);

}  // namespace nabla
