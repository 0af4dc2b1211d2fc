# SPDX-License-Identifier: MIT
#
# cmake -D BUILD=... -D SOURCE=... -D WORK=... -D CONFIG=... -D GENERATOR=... -D COMPILER=...
#       -D VERSION=... -P run.cmake
# Installs the build into a fresh folder below WORK, then configures, builds and runs the project in
# SOURCE against it.

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} --install ${BUILD} --config "${CONFIG}" --prefix ${prefix})

# The package must not need the source or build folder, nor libraries that only the program uses.
file(GLOB_RECURSE package_files ${prefix}/*nabla*.cmake)
if(NOT package_files)
  message(FATAL_ERROR "no package files below ${prefix}")
endif()
get_filename_component(project ${SOURCE}/../.. ABSOLUTE)
foreach(file IN LISTS package_files)
  file(READ ${file} text)
  foreach(word IN ITEMS "${BUILD}/" "${project}/src" "${project}/include" Boost nlohmann
          build_flags)
    string(FIND "${text}" "${word}" position)
    if(NOT position EQUAL -1)
      message(FATAL_ERROR "${file} mentions ${word}")
    endif()
  endforeach()
endforeach()
if(IS_DIRECTORY ${prefix}/include/nabla/experiment)
  message(FATAL_ERROR "headers of code outside the library are installed")
endif()

run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -D CMAKE_BUILD_TYPE=${CONFIG}
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${WORK}/build --config "${CONFIG}")
run(${WORK}/build/consumer)
if(NOT output MATCHES "nabla ${VERSION}")
  message(FATAL_ERROR "the consumer printed \"${output}\", expected version ${VERSION}")
endif()

# The page shows this program, which stops, goes on, and ends with the model of the command.
file(READ ${SOURCE}/digits.cpp program)
string(FIND "${program}" "#include" position)
string(SUBSTRING "${program}" ${position} -1 program)
file(READ ${project}/docs/cpp.md page)
string(FIND "${page}" "${program}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "docs/cpp.md does not show tests/consumer/digits.cpp as it is")
endif()
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/digits 2)
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/digits)
if(output MATCHES "epoch 2" OR NOT output MATCHES "epoch 5")
  message(FATAL_ERROR "the resumed training printed \"${output}\", expected epochs 3 to 5")
endif()

if(EXISTS ${prefix}/bin/nabla)
  run(${prefix}/bin/nabla train --data.digits-train=3000 --data.digits-test=500 --network.hidden=30
      -e 5 -q -o ${WORK}/run)
  run(${CMAKE_COMMAND} -E compare_files ${WORK}/digits.safetensors ${WORK}/run/model.safetensors)
  run(${prefix}/bin/nabla --version)
  if(NOT output MATCHES "${VERSION}")
    message(FATAL_ERROR "the installed program printed \"${output}\", expected version ${VERSION}")
  endif()
endif()
