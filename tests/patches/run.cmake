# SPDX-License-Identifier: MIT
#
# cmake -D SOURCE=... -D WORK=... -D GENERATOR=... -D COMPILER=... -P run.cmake
# Adds an optimiser, as optimizer.patch does, to a copy of the sources below WORK. The patch may
# touch three files. Then builds optimizer_program.cpp with the copy and runs it.

include(${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake)

set(patch ${CMAKE_CURRENT_LIST_DIR}/optimizer.patch)
file(STRINGS ${patch} files REGEX "^\\+\\+\\+ ")
list(LENGTH files count)
if(count EQUAL 0 OR count GREATER 3)
  message(FATAL_ERROR "${patch} touches ${count} files, expected one to three")
endif()

file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE}/include DESTINATION ${WORK})
file(COPY ${SOURCE}/src/base ${SOURCE}/src/math ${SOURCE}/src/optimize DESTINATION ${WORK}/src)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/CMakeLists.txt ${CMAKE_CURRENT_LIST_DIR}/optimizer_program.cpp
     DESTINATION ${WORK}/src)
find_program(patch_program patch REQUIRED)
run(${patch_program} -d ${WORK} -p1 --fuzz=3 -i ${patch})
run(${CMAKE_COMMAND} -S ${WORK}/src -B ${WORK}/build -G ${GENERATOR}
    -D CMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK}/build --parallel 2)
run(${WORK}/build/optimizer)
