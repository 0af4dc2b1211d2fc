# SPDX-License-Identifier: MIT
#
# cpack calls this when the files of each component lie in a folder of its own: it adds what Debian's
# policy asks of a package (chapters 12.1, 12.5 and 12.7) and puts completions where Debian's zsh looks.

# The date of the version, as a changelog has it.
execute_process(COMMAND date --utc --rfc-email --date=${CPACK_NABLA_VERSION_DATE}
                OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  set(name ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  set(share ${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX}/share)
  set(documents ${share}/doc/${name})

  file(WRITE ${documents}/changelog.Debian
       "nabla (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n"
       "  * Version ${CPACK_PACKAGE_VERSION}.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")

  file(REMOVE ${documents}/LICENSE)
  file(READ ${CPACK_NABLA_LICENSE} copyright)
  if(NOT component STREQUAL "development")
    foreach(contained IN LISTS CPACK_NABLA_CONTAINED)
      file(READ /usr/share/doc/${contained}/copyright text)
      string(APPEND copyright "\n\nThe binaries contain code of ${contained}:\n\n${text}")
    endforeach()
  endif()
  file(WRITE ${documents}/copyright "${copyright}")

  if(IS_DIRECTORY ${share}/zsh/site-functions)
    file(RENAME ${share}/zsh/site-functions ${share}/zsh/vendor-completions)
  endif()

  file(GLOB pages ${share}/man/man*/*)
  execute_process(COMMAND gzip -9 --no-name ${pages} ${documents}/changelog.Debian
                  COMMAND_ERROR_IS_FATAL ANY)
endforeach()
