// SPDX-License-Identifier: MIT
#pragma once

/// This is 1 if the tests are compiled for AddressSanitizer or ThreadSanitizer, else 0.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NABLA_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NABLA_SANITIZED 1
#endif
#endif
#ifndef NABLA_SANITIZED
#define NABLA_SANITIZED 0
#endif
