# A worker that does not decode anything, honest or not as its "photo" tells it: the same sandbox and loop, other jobs (without media).
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
add_executable(evil_worker tests/unit/pool/evil_worker.c tests/unit/pool/evil_acts.c tests/unit/pool/evil_lies.c
               src/worker/sandbox.c src/worker/filter.c src/worker/loop.c)
target_include_directories(evil_worker PRIVATE src include tests)
target_link_libraries(evil_worker PRIVATE plc_wire plc_base PkgConfig::SECCOMP)
set_target_properties(evil_worker PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
foreach(name pool acts)
  if(TARGET test_pool_${name})
    add_dependencies(test_pool_${name} evil_worker)
  endif()
endforeach()
