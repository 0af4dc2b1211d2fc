// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace nabla {

/// Cache line and widest vector register in bytes; all owned storage starts on this boundary.
inline constexpr std::size_t kAlignment = 64;

/// A [rows × cols] row-major window on memory that somebody else owns. `stride` is the distance
/// in elements from one row to the next and at least `cols`.
template <class T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t stride = 0;

  MatrixView() = default;
  MatrixView(T* first, std::size_t row_count, std::size_t col_count)
      : MatrixView(first, row_count, col_count, col_count) {}
  MatrixView(T* first, std::size_t row_count, std::size_t col_count, std::size_t row_stride)
      : data(first), rows(row_count), cols(col_count), stride(row_stride) {
    assert(row_stride >= col_count);
  }

  T& operator()(std::size_t row, std::size_t col) const {
    assert(row < rows && col < cols);
    return data[row * stride + col];
  }

  std::span<T> row(std::size_t index) const {
    assert(index < rows);
    return {data + index * stride, cols};
  }

  /// Rows [first, first + count).
  MatrixView row_range(std::size_t first, std::size_t count) const {
    assert(first + count <= rows);
    return {data + first * stride, count, cols, stride};
  }

  operator MatrixView<const T>() const  // NOLINT: a view of const is always safe
      requires(!std::is_const_v<T>) {
    return {data, rows, cols, stride};
  }
};

/// An owned array of trivially copyable T on a 64-byte boundary, zero-initialised. A value: copies
/// copy the elements.
template <class T>
class AlignedArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  AlignedArray() = default;
  explicit AlignedArray(std::size_t size) : size_(size), data_(allocate(size)) {}
  AlignedArray(const AlignedArray& other) : AlignedArray(other.size_) {
    for (std::size_t i = 0; i < size_; ++i) data_[i] = other.data_[i];
  }
  AlignedArray(AlignedArray&& other) noexcept
      : size_(std::exchange(other.size_, 0)), data_(std::move(other.data_)) {}
  AlignedArray& operator=(AlignedArray other) noexcept {
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
    return *this;
  }

  std::size_t size() const { return size_; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  std::span<T> span() { return {data_.get(), size_}; }
  std::span<const T> span() const { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete[](p, std::align_val_t{kAlignment}); }
  };
  using Storage = std::unique_ptr<T[], Free>;

  static Storage allocate(std::size_t size) {
    if (size == 0) return nullptr;
    void* raw = ::operator new[](size * sizeof(T), std::align_val_t{kAlignment});
    return Storage(new (raw) T[size]());
  }

  std::size_t size_ = 0;
  Storage data_;
};

/// An owned [rows × cols] row-major matrix, zero-initialised. A value: copies copy the elements.
template <class T>
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols) : Matrix(rows, cols, cols) {}
  /// With `stride` elements from row to row; the padding stays zero unless written through data().
  Matrix(std::size_t rows, std::size_t cols, std::size_t stride)
      : rows_(rows), cols_(cols), stride_(stride), storage_(rows * stride) {
    assert(stride >= cols);
  }

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  std::size_t stride() const { return stride_; }
  T* data() { return storage_.data(); }
  const T* data() const { return storage_.data(); }
  std::span<T> elements() { return storage_.span(); }
  std::span<const T> elements() const { return storage_.span(); }
  T& operator()(std::size_t row, std::size_t col) { return view()(row, col); }
  const T& operator()(std::size_t row, std::size_t col) const { return view()(row, col); }
  std::span<T> row(std::size_t index) { return view().row(index); }
  std::span<const T> row(std::size_t index) const { return view().row(index); }

  MatrixView<T> view() { return {storage_.data(), rows_, cols_, stride_}; }
  MatrixView<const T> view() const { return {storage_.data(), rows_, cols_, stride_}; }

 private:
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
  AlignedArray<T> storage_;
};

}  // namespace nabla
