# What the C reader says of whole files, for the test that compares it with the schema (tests/unit/schemas).
add_executable(manifest_verdicts tests/unit/intake/manifest_verdicts.c)
target_include_directories(manifest_verdicts PRIVATE src include)
target_link_libraries(manifest_verdicts PRIVATE plc_intake)
set_target_properties(manifest_verdicts PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
