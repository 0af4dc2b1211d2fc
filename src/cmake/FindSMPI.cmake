# SPDX-License-Identifier: MIT
#
# Finds the MPI of SimGrid, whose `smpirun` simulates ranks in one process, as the imported target
#
#   SMPI::SMPI
#
# Debian and Ubuntu: libsimgrid-dev.

include(FindPackageHandleStandardArgs)
find_path(SMPI_INCLUDE_DIR NAMES smpi/mpi.h)
find_library(SMPI_LIBRARY NAMES simgrid)
find_program(SMPI_RUN NAMES smpirun)
mark_as_advanced(SMPI_INCLUDE_DIR SMPI_LIBRARY SMPI_RUN)
find_package_handle_standard_args(
  SMPI
  REQUIRED_VARS SMPI_LIBRARY SMPI_INCLUDE_DIR SMPI_RUN
  REASON_FAILURE_MESSAGE "Debian and Ubuntu: install libsimgrid-dev")

if(SMPI_FOUND AND NOT TARGET SMPI::SMPI)
  add_library(SMPI::SMPI UNKNOWN IMPORTED)
  set_target_properties(
    SMPI::SMPI PROPERTIES IMPORTED_LOCATION "${SMPI_LIBRARY}"
                          INTERFACE_INCLUDE_DIRECTORIES "${SMPI_INCLUDE_DIR};${SMPI_INCLUDE_DIR}/smpi")
endif()
