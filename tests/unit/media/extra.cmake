# These tests make photos with libvips themselves; its headers are otherwise open to src/media alone.
foreach(name render colour corpora measure xmp paths golden limits)
  if(TARGET test_media_${name})
    target_link_libraries(test_media_${name} PRIVATE PkgConfig::DOOR_media)
  endif()
endforeach()
# The shipped placements, all of them.
if(TARGET test_media_frame_all)
  target_link_libraries(test_media_frame_all PRIVATE plc_preset)
endif()
# Loops over millions of pixels: without it these tests take twice the time under ASan.
if(PLC_SANITIZE)
  target_compile_options(plc_media PRIVATE -O1)
  foreach(name render colour corpora golden paths pdq resize measure frame_all)
    if(TARGET test_media_${name})
      target_compile_options(test_media_${name} PRIVATE -O1)
    endif()
  endforeach()
endif()
