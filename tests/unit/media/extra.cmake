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
