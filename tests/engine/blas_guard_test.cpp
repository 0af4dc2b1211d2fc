// SPDX-License-Identifier: MIT
#include "engine/blas_guard.h"

#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

/// Says that it has many threads and has one.
class BoastingExecutor final : public Executor {
 public:
  explicit BoastingExecutor(std::size_t threads) : threads_(threads) {}
  void run(std::size_t count, TaskRef task) override { serial_->run(count, task); }
  std::size_t threads() const override { return threads_; }

 private:
  std::size_t threads_;
  std::unique_ptr<Executor> serial_ = make_serial_executor();
};

TEST(EngineBlasGuard, AcceptsTheLibraryItIsBuiltWith) {
  for (const std::size_t threads : {1UL, 2UL, 8UL})
    EXPECT_NO_THROW(require_safe_blas(*make_executor(threads)));
}

TEST(EngineBlasGuard, RefusesMoreThreadsThanBlasServes) {
  BoastingExecutor fits(128), too_many(129);
  EXPECT_NO_THROW(require_safe_blas(fits));
  const std::string error = error_of<ConfigError>([&] { require_safe_blas(too_many); });
  expect_in("parallel.threads", error);
  expect_in("129", error);
  expect_in("128", error);
}

}  // namespace
}  // namespace nabla
