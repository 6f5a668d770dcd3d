# The programs compared are libvips alone and the codecs alone; nothing in src/ sees these headers.
pkg_check_modules(BENCH_CODECS IMPORTED_TARGET libjpeg libwebp)
target_link_libraries(bench_libvips_each PRIVATE PkgConfig::DOOR_media)
target_link_libraries(bench_floor PRIVATE PkgConfig::DOOR_media)
if(BENCH_CODECS_FOUND)
  target_link_libraries(bench_floor PRIVATE PkgConfig::BENCH_CODECS)
endif()
