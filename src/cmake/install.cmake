# SPDX-License-Identifier: MIT
#
# `cmake --install` installs the program, its configurations, and the library as the package `nabla`
# with the target nabla::nabla.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/nabla)
install(TARGETS nabla_library EXPORT nablaTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT nablaTargets NAMESPACE nabla:: DESTINATION ${package_folder})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/nabla DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.h)

configure_package_config_file(${PROJECT_SOURCE_DIR}/src/cmake/nablaConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/nablaConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nablaConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nablaConfig.cmake ${PROJECT_BINARY_DIR}/nablaConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/src/cmake/FindOpenBLASPthread.cmake
              ${PROJECT_SOURCE_DIR}/src/cmake/FindLibZip.cmake
        DESTINATION ${package_folder})

install(TARGETS nabla RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/nabla
        FILES_MATCHING PATTERN *.ini)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
