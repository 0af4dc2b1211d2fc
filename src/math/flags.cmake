# SPDX-License-Identifier: MIT
# The flags of the kernels, file by file; src/CMakeLists.txt includes this file.
# Contraction is off, so that only the products written as fma are fused: otherwise the compiler
# could fuse in the body of a loop, but not in its tail.
set_source_files_properties(math/kernels_baseline.cpp PROPERTIES
  COMPILE_OPTIONS "-ffp-contract=off")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(math/kernels_avx2.cpp PROPERTIES
    COMPILE_OPTIONS "-ffp-contract=off;-mavx2;-mfma")
  set_source_files_properties(math/kernels_avx512.cpp PROPERTIES
    COMPILE_OPTIONS "-ffp-contract=off;-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mfma")
  set_source_files_properties(math/kernels_avx512bf16.cpp PROPERTIES
    COMPILE_OPTIONS
      "-ffp-contract=off;-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mfma;-mavx512bf16")
endif()
