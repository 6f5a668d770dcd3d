/* Which part of the photo is shown in a placement, at which sizes, or why not? Pure: sizes and points in, a decision
 * out. */
#pragma once
#include "wire/plan.h"

/* The upright photo. Points and box in fractions of it. */
struct plc_frame_photo {
        uint32_t width, height;
        bool has_focal, has_box, has_attention;
        bool has_overlay; /* text, a logo or a badge was seen on it */
        double focal_x, focal_y;
        double box_x, box_y, box_w, box_h;
        double attention_x, attention_y;
};

struct plc_frame_size {
        uint32_t width, height;  /* of the file */
        uint16_t css_width;      /* the wanted width that it answers */
        struct plc_rect picture; /* contain, pad-blur, tile: where the whole photo lies on the canvas; tile: nowhere */
};

struct plc_frame {
        enum plc_placement_verdict verdict;
        enum plc_refusal refusal;
        char why[200];    /* "" where there is nothing to say */
        enum plc_fit fit; /* the one used: the placement's own, or its fallback */
        bool cropped, focal_outside_safe;
        struct plc_rect crop; /* in pixels of the upright photo */
        unsigned n_sizes;
        struct plc_frame_size sizes[PLC_MAX_WIDTHS];
};

void plc_frame(const struct plc_frame_photo *photo, const struct plc_placement *placement, struct plc_frame *out);
