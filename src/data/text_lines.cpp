// SPDX-License-Identifier: MIT
#include "data/text_lines.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/foreign_format.h"

namespace nabla {

namespace {

constexpr std::size_t kLinesBuffer = std::size_t{1} << 18;

}  // namespace

TextLines::TextLines(ReadText read, std::string name)
    : read_(std::move(read)),
      name_(std::move(name)),
      buffer_(std::make_unique_for_overwrite<char[]>(kLinesBuffer)),
      capacity_(kLinesBuffer) {
  // A pipe may give its first bytes one by one.
  while (filled_ < kByteOrderMark.size() && !is_last_) read_on();
  const std::string_view begin(buffer_.get(), filled_);
  refuse_foreign(std::as_bytes(std::span(begin)), name_);
  if (begin.starts_with(kByteOrderMark)) next_ = kByteOrderMark.size();
}

void TextLines::read_on() {
  if (next_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + next_, filled_ - next_);
    filled_ -= next_;
    next_ = 0;
  }
  if (filled_ == capacity_) {
    if (filled_ >= kLongestLine)
      throw DataError(name_ + ":" + std::to_string(number_ + 1) + ": a line of more than " +
                      std::to_string(kLongestLine >> 20) +
                      " MiB begins here; expected shorter lines");
    auto larger = std::make_unique_for_overwrite<char[]>(2 * capacity_);
    std::copy_n(buffer_.get(), filled_, larger.get());
    buffer_ = std::move(larger);
    capacity_ *= 2;
  }
  const std::size_t got = read_({buffer_.get() + filled_, capacity_ - filled_});
  filled_ += got;
  is_last_ = got == 0;
}

bool TextLines::next() {
  std::size_t seen = 0;
  for (;;) {
    const std::string_view rest(buffer_.get() + next_, filled_ - next_);
    std::size_t end = rest.find('\n', seen);
    if (end == std::string_view::npos) {
      if (!is_last_) {
        seen = rest.size();
        read_on();
        continue;
      }
      if (rest.empty()) return false;
      end = rest.size();
    }
    line_ = rest.substr(0, end);
    next_ = std::min(next_ + end + 1, filled_);
    ++number_;
    return true;
  }
}

}  // namespace nabla
