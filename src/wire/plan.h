/*
 * What may the office ask of the worker, and what may come back? These plain structs, and nothing else, cross the
 * sandbox. Everything has a stated maximum; the side that receives checks every field again (wire/codec.h, pool/).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define PLC_MAX_PLACEMENTS 128     /* in one plan */
#define PLC_MAX_WIDTHS 16          /* of one placement */
#define PLC_MAX_ENCODINGS 4        /* formats of one placement */
#define PLC_MAX_PLACEMENT_FILES 48 /* written for one placement: widths × formats × dpr */
#define PLC_MAX_PLAN_FILES 1024    /* written for one plan */
#define PLC_PRESET_ID_SIZE 48      /* with the closing zero; [a-z0-9-] */
#define PLC_TEXT_FIELD_SIZE 512    /* UTF-8 fields of the XMP packet */

enum plc_format {
        PLC_FORMAT_UNKNOWN,
        PLC_FORMAT_JPEG,
        PLC_FORMAT_PNG,
        PLC_FORMAT_WEBP,
        PLC_FORMAT_HEIC,
        PLC_FORMAT_AVIF,
        PLC_FORMAT_GIF,
        PLC_FORMAT_TIFF,
        PLC_FORMAT_COUNT_
};
const char *plc_format_name(enum plc_format format);      /* "jpeg" */
const char *plc_format_extension(enum plc_format format); /* "jpg" */
const char *plc_format_type(enum plc_format format);      /* "image/jpeg" */

enum plc_size_mode { PLC_SIZE_MAX, PLC_SIZE_EXACT };
/* cover: crop to the ratio; contain: whole photo on a plain ground; inside: scale only; pad-blur: whole photo on its
 * blurred self; tile: a plain ground alone; thumbhash: no file, the facts' thumbhash is it. */
enum plc_fit {
        PLC_FIT_REFUSE,
        PLC_FIT_INSIDE,
        PLC_FIT_COVER,
        PLC_FIT_CONTAIN,
        PLC_FIT_PAD_BLUR,
        PLC_FIT_TILE,
        PLC_FIT_THUMBHASH
};
const char *plc_fit_name(enum plc_fit fit); /* "pad-blur" */
enum plc_subsample { PLC_SUBSAMPLE_420, PLC_SUBSAMPLE_444, PLC_SUBSAMPLE_AUTO };

struct plc_encoding {
        enum plc_format format; /* JPEG, WEBP, AVIF or PNG */
        int quality;            /* 1-100 */
        int effort;             /* WebP method 0-6, AVIF effort 0-9; 0 elsewhere */
        enum plc_subsample subsample;
        bool progressive; /* JPEG */
        bool optional;    /* only where the site turned it on */
};

/* Fractions of the canvas that the place covers with its own buttons and text. */
struct plc_insets {
        double top, right, bottom, left;
};

struct plc_placement {
        char id[PLC_PRESET_ID_SIZE];
        uint32_t width, height; /* best size in pixels; height 0: any (fit inside a width) */
        enum plc_size_mode size_mode;
        enum plc_fit fit, fallback_fit;
        double min_keep; /* share of the photo's area a crop must keep, 0: any */
        uint32_t min_source_w,
                min_source_h; /* below it: undersized; of the crop if min_source_of_crop, else of the upright photo */
        bool min_source_of_crop;
        uint32_t hard_min_w, hard_min_h; /* of the crop; below it: refused too_small; 0: none */
        struct plc_insets safe;
        bool safe_required; /* what was declared as focal must lie in the safe area, else refused: not only flagged */
        bool focal_needed;  /* where nobody declared what counts, a crop must keep half of the photo */
        bool overlay_forbidden; /* takes no photo with text, logos or badges on it */
        bool allow_undersized;  /* make the files of an undersized one: an operator allowed it, or only looks */
        bool allow_enlarge;     /* the bench groups only */
        bool centre;            /* crop at the centre whatever the focal point (bench groups) */
        unsigned n_widths;
        uint32_t widths[PLC_MAX_WIDTHS]; /* ascending; empty: just `width` × each dpr */
        unsigned n_dpr;
        uint32_t dpr[4]; /* 1, 2, …; an e-mail placement of 600 with dpr 2 is a file of 1200 where the photo allows */
        unsigned n_encodings;
        struct plc_encoding encodings[PLC_MAX_ENCODINGS];
        int64_t max_bytes;   /* 0: none */
        bool max_bytes_hard; /* over it: refused too_heavy; else the lowest allowed quality is kept */
};

/* What our own XMP packet says; empty fields are left out. UTF-8. */
struct plc_rights_note {
        char credit[PLC_TEXT_FIELD_SIZE];
        char copyright[PLC_TEXT_FIELD_SIZE];
        char usage_terms[PLC_TEXT_FIELD_SIZE];
        char web_statement[PLC_TEXT_FIELD_SIZE];
        char licensor_url[PLC_TEXT_FIELD_SIZE];
        char data_mining[PLC_TEXT_FIELD_SIZE];         /* PLUS vocabulary URI */
        char digital_source_type[PLC_TEXT_FIELD_SIZE]; /* IPTC newscodes URI; declared, or found in the original */
        char disclosure[PLC_TEXT_FIELD_SIZE];
};

struct plc_photo_limits {
        uint64_t max_bytes;  /* of the file */
        uint64_t max_pixels; /* width × height from the header, before decoding */
        uint32_t max_side;   /* pixels */
        uint32_t max_frames; /* of an animation; only the first is used */
};

struct plc_plan {
        struct plc_photo_limits limits;
        bool avif; /* optional encodings too */
        bool has_focal;
        double focal_x, focal_y; /* fractions of the upright photo */
        bool has_box;
        double box_x, box_y, box_w, box_h;
        bool has_overlay; /* text, a logo or a badge was seen on the photo */
        struct plc_rights_note note;
        unsigned n_placements;
        struct plc_placement placements[PLC_MAX_PLACEMENTS];
};

/* What stood in the original and is in no rendition: bits of plc_facts.removed, in the order they are told. */
enum plc_removed {
        PLC_REMOVED_EXIF = 1 << 0,
        PLC_REMOVED_GPS = 1 << 1,
        PLC_REMOVED_CAMERA = 1 << 2, /* make, model */
        PLC_REMOVED_SERIAL = 1 << 3, /* body, lens, owner, unique image id */
        PLC_REMOVED_MAKERNOTE = 1 << 4,
        PLC_REMOVED_THUMBNAIL = 1 << 5,
        PLC_REMOVED_XMP = 1 << 6,
        PLC_REMOVED_IPTC = 1 << 7,
        PLC_REMOVED_ICC = 1 << 8,
        PLC_REMOVED_COMMENT = 1 << 9,  /* comments and text chunks */
        PLC_REMOVED_MPF = 1 << 10,     /* second images, gain maps, depth */
        PLC_REMOVED_TRAILER = 1 << 11, /* bytes after the end: motion photos and the like */
        PLC_REMOVED_C2PA = 1 << 12,
        PLC_REMOVED_TIME = 1 << 13,
        PLC_REMOVED_HISTORY = 1 << 14, /* steps and settings of an editor */
        PLC_REMOVED_PEOPLE = 1 << 15,  /* who is where in the picture */
        PLC_REMOVED_VIDEO = 1 << 16,   /* of a motion photo */
        PLC_REMOVED_COUNT_ = 17
};
const char *plc_removed_name(unsigned bit_index);     /* "gps": for machines */
const char *plc_removed_sentence(unsigned bit_index); /* "GPS position": for people */

struct plc_facts {
        enum plc_format format;
        uint32_t width, height; /* upright, in pixels */
        uint32_t stored_width, stored_height;
        uint8_t orientation; /* EXIF 1-8; 1 where there is none */
        uint32_t frames;
        bool alpha;
        char colour[64];  /* "sRGB", "Display P3", "untagged", "CMYK"; of the ICC description, printable ASCII only */
        uint32_t removed; /* bits of enum plc_removed */
        int64_t taken_at; /* ms from DateTimeOriginal; UTC if taken_zoned, else as the camera's clock stood; 0 unknown
                           */
        bool taken_zoned; /* the camera wrote the offset of its clock */
        char camera[96];  /* make and model, printable, for the sealed record only */
        char digital_source_type[96]; /* IPTC newscodes term found in the original, as "trainedAlgorithmicMedia"; ""
                                         none */
        char thumbhash[64];           /* base64, no padding dropped; "" unknown */
        char pdq[65];                 /* 256 bits in hex; "" unknown */
        uint8_t pdq_quality;          /* 0-100 */
        double sharpness, exposure;   /* variance of the Laplacian at 512 px; mean luma 0-1 */
        bool has_attention;
        double attention_x,
                attention_y; /* fractions of the upright photo: where a crop would look without a focal point */
};

enum plc_placement_verdict { PLC_VERDICT_OK, PLC_VERDICT_NATIVE, PLC_VERDICT_UNDERSIZED, PLC_VERDICT_REFUSED };
enum plc_refusal {
        PLC_REFUSAL_NONE,
        PLC_REFUSAL_TOO_SMALL,
        PLC_REFUSAL_KEEP_TOO_LOW,
        PLC_REFUSAL_FACE_CUT, /* kept for photos whose faces are known; nothing finds faces yet */
        PLC_REFUSAL_FOCAL_OUTSIDE_SAFE,
        PLC_REFUSAL_OVERLAY_FORBIDDEN,
        PLC_REFUSAL_TOO_HEAVY,
        PLC_REFUSAL_RATIO,
        PLC_REFUSAL_COUNT_
};
const char *plc_placed_verdict_name(enum plc_placement_verdict verdict);
const char *plc_refusal_name(enum plc_refusal refusal);

/* Pixels: of the upright original, or of a file. */
struct plc_rect {
        uint32_t x, y, w, h;
};

/*
 * Where a whole photo lies in a file of this size: as large as it fits without being enlarged, in the middle; with
 * `fit` pad-blur in the middle of the safe area, as far as it stays on the canvas.
 */
struct plc_rect plc_lay_on_canvas(const struct plc_placement *place, enum plc_fit fit, uint32_t photo_width,
                                  uint32_t photo_height, uint32_t width, uint32_t height);
/* Does a file of this size, made for the place, show the whole photo on a ground? Where it lies then in *out. */
bool plc_on_ground(const struct plc_placement *place, bool cropped, uint32_t photo_width, uint32_t photo_height,
                   uint32_t width, uint32_t height, struct plc_rect *out);

/* What a file that we wrote holds, when every byte of it is accounted for: bits, in the order they are told. */
enum plc_holds {
        PLC_HOLDS_PICTURE = 1 << 0, /* the picture and what a decoder needs for it */
        PLC_HOLDS_ALPHA = 1 << 1,
        PLC_HOLDS_JFIF = 1 << 2, /* JPEG's own header, without a thumbnail */
        PLC_HOLDS_ICC = 1 << 3,  /* one small sRGB profile */
        PLC_HOLDS_NCLX = 1 << 4, /* AVIF's numbers of its colour space */
        PLC_HOLDS_XMP = 1 << 5,  /* our own packet of rights, as it was made */
        PLC_HOLDS_COUNT_ = 6
};
const char *plc_holds_name(unsigned bit_index); /* "picture" */

struct plc_made_file {
        uint32_t width, height;
        uint16_t css_width; /* the entry of `widths` (or width × dpr) that it was made for */
        enum plc_format format;
        int quality, encodes;
        uint32_t holds; /* bits of enum plc_holds */
        uint64_t bytes;
        int fd; /* a sealed memfd, -1 where none; owned by the struct */
};

struct plc_made {
        char preset[PLC_PRESET_ID_SIZE];
        enum plc_placement_verdict verdict;
        enum plc_refusal refusal;
        char why[200];           /* one sentence of ours for people */
        bool cropped;            /* less than the whole photo is shown: `edits` = crop when it is decided */
        bool focal_outside_safe; /* flagged, not refused */
        struct plc_rect crop;
        unsigned n_files;
        struct plc_made_file files[PLC_MAX_PLACEMENT_FILES];
};

struct plc_result {
        struct plc_facts facts;
        unsigned n_made;
        struct plc_made *made; /* n_made of them, in plan order; NULL after an examination */
};
void plc_result_clear(struct plc_result *result); /* closes descriptors, frees made */
void plc_result_free(struct plc_result *result);  /* the same, of one from the heap; NULL is fine */
