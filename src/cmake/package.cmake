# SPDX-License-Identifier: MIT
#
# `cpack` makes a Debian package of each component; scripts/package configures, builds and calls it.

set(NABLA_MAINTAINER "the nabla authors <root@localhost>"
    CACHE STRING "Who answers for the packages: NAME <ADDRESS>")
mark_as_advanced(NABLA_MAINTAINER)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${NABLA_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/src/cmake/debian_files.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)

# nabla_package(<component> <name> <summary> <line>...)
function(nabla_package component name summary)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
  list(JOIN ARGN "\n" lines)
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${lines}" PARENT_SCOPE)
endfunction()

nabla_package(
  program nabla "trainer of multilayer perceptrons on the cores of a machine"
  "nabla trains fully connected networks on tables, images and text, from"
  "INI files or the command line: the same configuration and seed give the"
  "same model for every number of threads. It evaluates, predicts,"
  "cross-validates, sweeps over settings and draws reports.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "gnuplot-nox, bash-completion")

nabla_package(
  development libnabla-dev "library of multilayer perceptrons, for C++20"
  "Headers, static library and CMake package of nabla, which trains fully"
  "connected networks on the cores of a machine. A project finds it by"
  "find_package(nabla) and links nabla::nabla.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
# nablaConfig.cmake finds these.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libopenblas-pthread-dev, libzip-dev, zlib1g-dev, libssl-dev")
if(nabla_executor STREQUAL "tbb")
  string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ", libtbb-dev")
endif()

nabla_package(
  python3 python3-nabla "multilayer perceptrons with the interface of scikit-learn"
  "MLPClassifier and MLPRegressor of nabla, with the parameters, methods and"
  "attributes of scikit-learn's estimators, trained on the cores of a machine.")
set(CPACK_DEBIAN_PYTHON3_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON3_PACKAGE_SHLIBDEPS ON)
if(NABLA_BUILD_PYTHON)
  # A compiled module is for one version of Python.
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  math(EXPR next_minor "${Python3_VERSION_MINOR} + 1")
  string(CONCAT CPACK_DEBIAN_PYTHON3_PACKAGE_DEPENDS
         "python3 (>= 3.${Python3_VERSION_MINOR}~), python3 (<< 3.${next_minor}), "
         "python3-numpy, python3-sklearn")
endif()
set(CPACK_DEBIAN_PYTHON3_PACKAGE_SUGGESTS "nabla")

# What debian_files.cmake reads.
set(CPACK_NABLA_VERSION_DATE ${NABLA_VERSION_DATE})
set(CPACK_NABLA_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
# Code of these is in the binaries, so their licences go with them.
set(CPACK_NABLA_CONTAINED nlohmann-json3-dev libxxhash-dev)
if(OpenBLASPthread_LIBRARY MATCHES "\\.a$")
  list(APPEND CPACK_NABLA_CONTAINED libopenblas-pthread-dev)
endif()

include(CPack)
