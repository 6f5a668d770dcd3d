/*
 * What does the worker do with a photo? Three calls, made inside the sandbox: no file is opened and no socket, the
 * photo is a read-only descriptor, what is made are sealed memfds. plc_media_init alone opens files (libraries'
 * modules) and comes before the sandbox.
 */
#pragma once
#include "base/error.h"
#include "wire/plan.h"

/* Once per process, with no other thread running; leaves none running. INTERNAL if libvips does not start. */
bool plc_media_init(GError **error);
/* "libvips 8.14.1": the version that runs, not that of the headers. */
const char *plc_media_libraries(void);

/*
 * The position of fd is left alone. UNSUPPORTED: not one of our formats; TOO_LARGE: over a limit, told by the header
 * before decoding; UNREADABLE: broken or cut short. *out needs plc_result-like care only for what plan.h says: nothing.
 */
bool plc_media_examine(int fd, const struct plc_photo_limits *limits, struct plc_facts *out, GError **error);

/*
 * All placements of the plan from one decode. A placement that cannot be made is a verdict, not an error; UNCLEAN if a
 * file we wrote holds anything but what the allow-list names. Clear *out with plc_result_clear.
 */
bool plc_media_render(int fd, const struct plc_plan *plan, struct plc_result *out, GError **error);

/*
 * Parses a file that we wrote, independently of what wrote it: UNCLEAN at the first segment, chunk, box or byte that is
 * neither structure, nor (allow_icc) one small sRGB profile, nor exactly the XMP packet `xmp` (NULL: none may be
 * there). *out_holds (NULL allowed): what there is, bits of enum plc_holds.
 */
bool plc_media_check_clean(enum plc_format format, const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp,
                           uint32_t *out_holds, GError **error);
