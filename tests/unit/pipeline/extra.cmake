# The office looks for its worker beside the running program: this test lies where the worker is built, and is known among the tests
# by a link.
if(TARGET test_pipeline_drops AND TARGET placet-worker)
  set_target_properties(test_pipeline_drops PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  add_dependencies(test_pipeline_drops placet-worker)
  add_custom_command(TARGET test_pipeline_drops POST_BUILD COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/tests
                     COMMAND ${CMAKE_COMMAND} -E create_symlink ../bin/test_pipeline_drops ${CMAKE_BINARY_DIR}/tests/test_pipeline_drops)
endif()
