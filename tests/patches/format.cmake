# SPDX-License-Identifier: MIT
#
# cmake -D BUILD=... -D SOURCE=... -D WORK=... -D CONFIG=... -D GENERATOR=... -D COMPILER=...
#       -D OBJECTS=... -P format.cmake
# Adds a data format by format.patch to a copy of the sources, compiles src/data there, links it to the
# OBJECTS (separated by |) of the program in BUILD, and trains, predicts and describes with the format.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# A format adds an enumerator and a row besides its own pair of files.
set(patch ${CMAKE_CURRENT_LIST_DIR}/format.patch)
file(STRINGS ${patch} touched REGEX "^--- a/")
list(LENGTH touched count)
if(count GREATER 2)
  message(FATAL_ERROR "${patch} touches ${count} files that exist, expected at most 2")
endif()

file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE}/include ${SOURCE}/src DESTINATION ${WORK}/copy)
run(patch -p1 -d ${WORK}/copy -i ${patch})

run(${CMAKE_COMMAND} --install ${BUILD} --config "${CONFIG}" --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/program -B ${WORK}/build -G ${GENERATOR}
    -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS_DEBUG=-O0
    -D CMAKE_PREFIX_PATH=${WORK}/prefix -D COPY=${WORK}/copy -D FOLDER=data -D "OBJECTS=${OBJECTS}")
run(${CMAKE_COMMAND} --build ${WORK}/build)

set(nabla ${WORK}/build/nabla)
file(WRITE ${WORK}/train.raw "0 0 7\n0 1 8\n1 0 8\n1 1 7\n")
file(WRITE ${WORK}/rows.raw "0 0\n0 1\n")
set(options --data.source=raw --data.train=${WORK}/train.raw)
run(${nabla} data ${options})
if(NOT output MATCHES "4 training" OR NOT output MATCHES "2 classes")
  message(FATAL_ERROR "`nabla data` of the format printed \"${output}\"")
endif()
run(${nabla} train ${options} --network.hidden=4 -e 2 -q -o ${WORK}/run)
run(${nabla} predict ${WORK}/run/model.safetensors ${WORK}/rows.raw)
if(NOT output MATCHES "^[78]\n[78]\n$")
  message(FATAL_ERROR "`nabla predict` of the format printed \"${output}\"")
endif()
run(${nabla} options)
if(NOT output MATCHES "libsvm · raw" OR NOT output MATCHES "npz, pkl, libsvm, raw")
  message(FATAL_ERROR "`nabla options` does not list the format")
endif()
