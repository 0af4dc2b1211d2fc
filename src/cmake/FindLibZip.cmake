# SPDX-License-Identifier: MIT
#
# Finds libzip as the imported target
#
#   LibZip::LibZip
#
# The package file of Debian and Ubuntu needs programs that they install apart from it.
#
# Set LibZip_LIBRARY and LibZip_INCLUDE_DIR to choose another one.

include(FindPackageHandleStandardArgs)

find_library(LibZip_LIBRARY NAMES zip)
find_path(LibZip_INCLUDE_DIR NAMES zip.h)
mark_as_advanced(LibZip_LIBRARY LibZip_INCLUDE_DIR)
find_package_handle_standard_args(
  LibZip
  REQUIRED_VARS LibZip_LIBRARY LibZip_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Debian and Ubuntu: install libzip-dev")

if(LibZip_FOUND AND NOT TARGET LibZip::LibZip)
  add_library(LibZip::LibZip UNKNOWN IMPORTED)
  set_target_properties(
    LibZip::LibZip PROPERTIES IMPORTED_LOCATION "${LibZip_LIBRARY}"
                              INTERFACE_INCLUDE_DIRECTORIES "${LibZip_INCLUDE_DIR}")
endif()
