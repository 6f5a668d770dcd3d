/* How do pixels become a file? Encoded, muxed by allow-list, parsed again; within the byte limit where one is given. */
#pragma once
#include "base/error.h"
#include "media/image.h"
#include "wire/plan.h"

struct plc_encoded {
        GByteArray *bytes;
        int quality, encodes;
        uint32_t holds; /* bits of enum plc_holds */
        bool too_heavy; /* over max_bytes even at the least quality allowed */
};

/* `pixels` as plc_bare makes them, 3 or 4 bands; max_bytes 0: no limit. UNCLEAN if the file is not. Free out->bytes. */
bool plc_encode(VipsImage *pixels, const struct plc_encoding *encoding, int64_t max_bytes, const char *xmp,
                struct plc_encoded *out, GError **error);
/* Would 4:2:0 be seen? On red lettering it smears (measured: error 1.7 against 0.6 of 4:4:4), on photos it is not. */
bool plc_needs_full_chroma(VipsImage *pixels);
