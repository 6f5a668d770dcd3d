# Tests of publishing stand on a whole site, which is a folder above.
foreach(stem items bundle bundle_choose email rebuild)
  if(TARGET test_publish_${stem})
    target_link_libraries(test_publish_${stem} PRIVATE plc_site)
  endif()
endforeach()
