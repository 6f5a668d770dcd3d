# A published index for tests that ask the real placet-serve: tests/unit/schemas/test_api.py, tests/load/test_serve.py.
add_executable(serve_sample ${CMAKE_SOURCE_DIR}/tests/unit/serve/make_sample.c)
target_include_directories(serve_sample PRIVATE src include tests)
target_link_libraries(serve_sample PRIVATE plc_serve m)
set_target_properties(serve_sample PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
# Reads with zlib itself what was compressed.
pkg_check_modules(ZLIB_TEST REQUIRED IMPORTED_TARGET zlib)
target_link_libraries(test_serve_packed PRIVATE PkgConfig::ZLIB_TEST)
