# SPDX-License-Identifier: MIT
#
# `cmake --install` installs two components: `program`, which is the program with its manual, completions
# and example configurations, and `development`, which is the library as the package `nabla` with the
# target nabla::nabla.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nabla)
install(TARGETS nabla_library EXPORT nablaTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT nablaTargets NAMESPACE nabla:: DESTINATION ${package_folder} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/nabla DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT development FILES_MATCHING PATTERN *.h)

configure_package_config_file(${PROJECT_SOURCE_DIR}/src/cmake/nablaConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/nablaConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nablaConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nablaConfig.cmake ${PROJECT_BINARY_DIR}/nablaConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/src/cmake/FindOpenBLASPthread.cmake
              ${PROJECT_SOURCE_DIR}/src/cmake/FindLibZip.cmake
        DESTINATION ${package_folder} COMPONENT development)

install(TARGETS nabla RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY ${NABLA_PAGES}/ DESTINATION ${CMAKE_INSTALL_DATAROOTDIR} COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples
        COMPONENT program FILES_MATCHING PATTERN *.ini)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
