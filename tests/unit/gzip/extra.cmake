# The test reads with zlib itself what is written through the door to it.
pkg_check_modules(ZLIB_TEST REQUIRED IMPORTED_TARGET zlib)
target_link_libraries(test_gzip_gzip PRIVATE PkgConfig::ZLIB_TEST)
