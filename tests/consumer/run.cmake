# SPDX-License-Identifier: MIT
#
# cmake -D BUILD=... -D SOURCE=... -D WORK=... -D CONFIG=... -D GENERATOR=... -D COMPILER=...
#       -D VERSION=... -P run.cmake
# Installs the build into a fresh folder below WORK, then configures, builds and runs the project in
# SOURCE against it.

include(${CMAKE_CURRENT_LIST_DIR}/../support/run.cmake)

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
foreach(folder IN ITEMS config run sweep report cli)
  if(IS_DIRECTORY ${prefix}/include/nabla/${folder})
    message(FATAL_ERROR "headers of code outside the library are installed: ${folder}")
  endif()
endforeach()

run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -D CMAKE_BUILD_TYPE=${CONFIG}
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${WORK}/build --config "${CONFIG}")
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/main)
if(NOT output MATCHES "nabla ${VERSION}")
  message(FATAL_ERROR "the consumer printed \"${output}\", expected version ${VERSION}")
endif()

# expect_shown(<page> <program>): the page shows the program as it is, without its licence.
function(expect_shown page program)
  file(READ ${SOURCE}/${program} text)
  string(FIND "${text}" "#include" position)
  string(SUBSTRING "${text}" ${position} -1 text)
  file(READ ${project}/${page} shown)
  string(FIND "${shown}" "```cpp\n${text}```" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "${page} does not show tests/consumer/${program} as it is")
  endif()
endfunction()

# The pages show these programs, which leave the model of the command; the second one stops and goes
# on.
expect_shown(README.md first.cpp)
expect_shown(docs/cpp.md first.cpp)
expect_shown(docs/cpp.md digits.cpp)
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/first)
if(NOT output MATCHES "accuracy [89]")
  message(FATAL_ERROR "the first program printed \"${output}\", expected an accuracy above 80%")
endif()
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/digits 2)
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/digits)
if(output MATCHES "epoch 2" OR NOT output MATCHES "epoch 5")
  message(FATAL_ERROR "the resumed training printed \"${output}\", expected epochs 3 to 5")
endif()

if(EXISTS ${prefix}/bin/nabla)
  run(${prefix}/bin/nabla train --data.digits-train=3000 --data.digits-test=500 --network.hidden=30
      -e 5 -q -o ${WORK}/run)
  foreach(model IN ITEMS first digits)
    run(${CMAKE_COMMAND} -E compare_files ${WORK}/${model}.safetensors
        ${WORK}/run/model.safetensors)
  endforeach()
  run(${prefix}/bin/nabla --version)
  if(NOT output MATCHES "${VERSION}")
    message(FATAL_ERROR "the installed program printed \"${output}\", expected version ${VERSION}")
  endif()
endif()
