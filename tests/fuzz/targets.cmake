# SPDX-License-Identifier: MIT

# Each file *_fuzz.cpp is a target. `fuzz_<name>` replays its seeds and damaged copies of them, a few hundred
# under ctest; with -DNABLA_FUZZ=ON and clang++ `libfuzzer_<name>` searches.
file(GLOB fuzz_targets CONFIGURE_DEPENDS fuzz/*_fuzz.cpp)
add_library(nabla_fuzz_support STATIC fuzz/check.cpp fuzz/mutate.cpp support/places.cpp)
target_include_directories(nabla_fuzz_support PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(nabla_fuzz_support PUBLIC nabla_experiment nabla_library
                      PRIVATE nabla_build_flags nabla_light_flags)
add_library(nabla_fuzz_replay OBJECT fuzz/replay.cpp support/allocation_counter.cpp)
target_link_libraries(nabla_fuzz_replay PRIVATE nabla_fuzz_support nabla_build_flags nabla_light_flags)

foreach(file IN LISTS fuzz_targets)
  get_filename_component(name ${file} NAME_WE)
  string(REPLACE "_fuzz" "" name ${name})
  # Rows of LIBSVM files become dense, so a few bytes may rightly take much memory.
  set(most_megabytes 16)
  if(name STREQUAL "libsvm")
    set(most_megabytes 160)
  endif()
  math(EXPR most_bytes "${most_megabytes} * 1024 * 1024")
  set(links nabla_fuzz_support ZLIB::ZLIB LibZip::LibZip nabla_build_flags nabla_light_flags)

  add_executable(fuzz_${name} ${file} $<TARGET_OBJECTS:nabla_fuzz_replay>)
  target_link_libraries(fuzz_${name} PRIVATE ${links})
  add_test(NAME fuzz/${name} COMMAND fuzz_${name} --count 300 --most-bytes ${most_bytes})
  set_tests_properties(
    fuzz/${name} PROPERTIES TIMEOUT 300 ENVIRONMENT
    "ASAN_OPTIONS=max_allocation_size_mb=${most_megabytes}:allocator_may_return_null=0")
  if(NABLA_FUZZ)
    add_executable(libfuzzer_${name} ${file})
    target_link_libraries(libfuzzer_${name} PRIVATE ${links} -fsanitize=fuzzer)
  endif()
endforeach()
