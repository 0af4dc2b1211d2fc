# SPDX-License-Identifier: MIT
#
# Finds the pthread build of OpenBLAS, with its LAPACK, as the imported target
#
#   OpenBLASPthread::OpenBLASPthread
#
# Several tasks call this library at once, which no other build allows: the serial one takes its
# work buffers without a lock, and the OpenMP one brings a second pool of threads.
#
# Debian and Ubuntu install the builds side by side under one SONAME and let the system's
# alternatives decide which one a program loads. So their pthread folder is searched first, and in
# it the static archive, which nothing can replace at run time; the shared library of that folder
# comes second, with an RPATH to it. Elsewhere libopenblasp (Fedora's name of this build) or
# libopenblas is taken, and the program verifies at its start which build it has loaded.
#
# Set OpenBLASPthread_LIBRARY and OpenBLASPthread_INCLUDE_DIR to choose another build.

include(CheckCXXSourceCompiles)
include(CMakePushCheckState)
include(FindPackageHandleStandardArgs)
find_package(Threads QUIET)

set(_openblas_arch "${CMAKE_LIBRARY_ARCHITECTURE}")
find_library(OpenBLASPthread_LIBRARY NAMES libopenblas.a openblas
             PATHS /usr/lib/${_openblas_arch}/openblas-pthread NO_DEFAULT_PATH)
find_path(OpenBLASPthread_INCLUDE_DIR NAMES cblas.h
          PATHS /usr/include/${_openblas_arch}/openblas-pthread NO_DEFAULT_PATH)
find_library(OpenBLASPthread_LIBRARY NAMES openblasp openblas PATH_SUFFIXES openblas/lib)
find_path(OpenBLASPthread_INCLUDE_DIR NAMES cblas.h PATH_SUFFIXES openblas openblas/include)
mark_as_advanced(OpenBLASPthread_LIBRARY OpenBLASPthread_INCLUDE_DIR)

set(_openblas_reason "Debian and Ubuntu: install libopenblas-pthread-dev")
set(OpenBLASPthread_WORKS "${OpenBLASPthread_LIBRARY}")
if(OpenBLASPthread_LIBRARY)
  get_filename_component(_openblas_file "${OpenBLASPthread_LIBRARY}" REALPATH)
  get_filename_component(_openblas_folder "${OpenBLASPthread_LIBRARY}" DIRECTORY)
  if(_openblas_file MATCHES "openblas-(serial|openmp)|openblaso\\.")
    set(OpenBLASPthread_WORKS OFF)
    string(PREPEND _openblas_reason "${_openblas_file} is not the pthread build. ")
  endif()
endif()

if(OpenBLASPthread_WORKS AND OpenBLASPthread_INCLUDE_DIR AND Threads_FOUND)
  # A static archive does not name the libraries that it needs. Usually its LAPACK links as it is;
  # if it calls the Fortran run-time library, that is found without its development files.
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_REQUIRED_INCLUDES "${OpenBLASPthread_INCLUDE_DIR}")
  set(CMAKE_REQUIRED_LIBRARIES "${OpenBLASPthread_LIBRARY}" Threads::Threads m)
  set(_openblas_program "
    #include <cblas.h>
    extern \"C\" {
    void dsytrd_(...);
    void dorgtr_(...);
    void dstedc_(...);
    }
    int main() {
      dsytrd_();
      dorgtr_();
      dstedc_();
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1);
      return openblas_get_parallel();
    }")
  check_cxx_source_compiles("${_openblas_program}" OpenBLASPthread_LINKS)
  set(OpenBLASPthread_WORKS ${OpenBLASPthread_LINKS})
  if(NOT OpenBLASPthread_LINKS)
    find_library(OpenBLASPthread_FORTRAN_LIBRARY NAMES libgfortran.so.5 gfortran)
    mark_as_advanced(OpenBLASPthread_FORTRAN_LIBRARY)
    if(OpenBLASPthread_FORTRAN_LIBRARY)
      list(APPEND CMAKE_REQUIRED_LIBRARIES "${OpenBLASPthread_FORTRAN_LIBRARY}")
      check_cxx_source_compiles("${_openblas_program}" OpenBLASPthread_LINKS_WITH_FORTRAN)
      set(OpenBLASPthread_WORKS ${OpenBLASPthread_LINKS_WITH_FORTRAN})
    endif()
  endif()
  cmake_pop_check_state()
  if(NOT OpenBLASPthread_WORKS)
    set(_openblas_reason
        "A program that calls cblas_sgemm and dstedc_ does not link with ${OpenBLASPthread_LIBRARY}")
  endif()
endif()

find_package_handle_standard_args(
  OpenBLASPthread
  REQUIRED_VARS OpenBLASPthread_LIBRARY OpenBLASPthread_INCLUDE_DIR OpenBLASPthread_WORKS
  REASON_FAILURE_MESSAGE "${_openblas_reason}")

if(OpenBLASPthread_FOUND AND NOT TARGET OpenBLASPthread::OpenBLASPthread)
  add_library(OpenBLASPthread::OpenBLASPthread UNKNOWN IMPORTED)
  set_target_properties(
    OpenBLASPthread::OpenBLASPthread
    PROPERTIES IMPORTED_LOCATION "${OpenBLASPthread_LIBRARY}"
               IMPORTED_LINK_INTERFACE_LANGUAGES C
               INTERFACE_INCLUDE_DIRECTORIES "${OpenBLASPthread_INCLUDE_DIR}")
  target_link_libraries(OpenBLASPthread::OpenBLASPthread INTERFACE Threads::Threads m)
  if(NOT OpenBLASPthread_LINKS)
    target_link_libraries(OpenBLASPthread::OpenBLASPthread
                          INTERFACE "${OpenBLASPthread_FORTRAN_LIBRARY}")
  endif()
  if(_openblas_folder MATCHES "openblas-pthread$" AND NOT OpenBLASPthread_LIBRARY MATCHES "\\.a$")
    target_link_options(OpenBLASPthread::OpenBLASPthread INTERFACE "LINKER:-rpath,${_openblas_folder}")
  endif()
endif()
