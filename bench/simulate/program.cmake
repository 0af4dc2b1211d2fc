# SPDX-License-Identifier: MIT
#
# The program as smpirun wants it: a shared library, of which each simulated rank loads a copy. The
# calls of MPI go through charge.cpp, large arrays through fold.cpp.
foreach(file charge.cpp fold.cpp messages.cpp)
  target_sources(nabla PRIVATE ${CMAKE_CURRENT_LIST_DIR}/${file})
  set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/${file}
                              TARGET_DIRECTORY nabla PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endforeach()
# CMake compiles what it takes for an executable with -fPIE.
target_compile_options(nabla PRIVATE -fPIC)
target_link_libraries(nabla PRIVATE SMPI::SMPI)
target_link_options(nabla PRIVATE -shared LINKER:-z,defs)
