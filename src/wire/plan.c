/* What are the words for formats, verdicts and removed things? */
#include "wire/plan.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/file.h"

static const struct {
        const char *name, *extension, *type;
} formats[PLC_FORMAT_COUNT_] = {
        [PLC_FORMAT_UNKNOWN] = {"unknown", "bin", "application/octet-stream"},
        [PLC_FORMAT_JPEG] = {"jpeg", "jpg", "image/jpeg"},
        [PLC_FORMAT_PNG] = {"png", "png", "image/png"},
        [PLC_FORMAT_WEBP] = {"webp", "webp", "image/webp"},
        [PLC_FORMAT_HEIC] = {"heic", "heic", "image/heic"},
        [PLC_FORMAT_AVIF] = {"avif", "avif", "image/avif"},
        [PLC_FORMAT_GIF] = {"gif", "gif", "image/gif"},
        [PLC_FORMAT_TIFF] = {"tiff", "tif", "image/tiff"},
};

static const struct {
        const char *name, *sentence;
} removed[PLC_REMOVED_COUNT_] = {
        {"exif", "EXIF"},
        {"gps", "GPS position"},
        {"camera", "camera make and model"},
        {"serial", "camera serial number or owner"},
        {"makernote", "maker note"},
        {"thumbnail", "embedded thumbnail"},
        {"xmp", "XMP"},
        {"iptc", "IPTC"},
        {"icc", "colour profile"},
        {"comment", "comments"},
        {"mpf", "second image"},
        {"trailer", "bytes after the end of the image"},
        {"c2pa", "content credentials"},
        {"time", "capture time"},
        {"history", "edit history"},
        {"people", "names or outlines of people"},
        {"video", "video or sound"},
};

static const char *const holds[PLC_HOLDS_COUNT_] = {"picture", "alpha", "jfif", "icc", "nclx", "xmp"};

static const char *const verdicts[] = {"ok", "native", "undersized", "refused"};
static const char *const refusals[] = {
        "", "too_small", "keep_too_low", "face_cut", "focal_outside_safe", "overlay_forbidden", "too_heavy", "ratio"};
static const char *const fits[] = {"refuse", "inside", "cover", "contain", "pad-blur", "tile", "thumbhash"};

const char *plc_format_name(enum plc_format format)
{
        return formats[format].name;
}

const char *plc_format_extension(enum plc_format format)
{
        return formats[format].extension;
}

const char *plc_format_type(enum plc_format format)
{
        return formats[format].type;
}

const char *plc_holds_name(unsigned bit_index)
{
        return holds[bit_index];
}

const char *plc_removed_name(unsigned bit_index)
{
        return removed[bit_index].name;
}

const char *plc_removed_sentence(unsigned bit_index)
{
        return removed[bit_index].sentence;
}

const char *plc_placed_verdict_name(enum plc_placement_verdict verdict)
{
        return verdicts[verdict];
}

const char *plc_refusal_name(enum plc_refusal refusal)
{
        return refusals[refusal];
}

const char *plc_fit_name(enum plc_fit fit)
{
        return fits[fit];
}

static uint32_t scaled(uint32_t side, double scale, uint32_t most)
{
        return (uint32_t)CLAMP(rint(side * scale), 1, MIN(side, most));
}

struct plc_rect plc_lay_on_canvas(const struct plc_placement *place, enum plc_fit fit, uint32_t photo_width,
                                  uint32_t photo_height, uint32_t width, uint32_t height)
{
        double scale = MIN((double)width / photo_width, (double)height / photo_height), x = 0.5, y = 0.5;
        struct plc_rect out = {.w = scaled(photo_width, scale, width), .h = scaled(photo_height, scale, height)};

        if (fit == PLC_FIT_PAD_BLUR) {
                x = (place->safe.left + 1 - place->safe.right) / 2;
                y = (place->safe.top + 1 - place->safe.bottom) / 2;
        }
        out.x = (uint32_t)rint(CLAMP(x * width - out.w / 2.0, 0, (double)width - out.w));
        out.y = (uint32_t)rint(CLAMP(y * height - out.h / 2.0, 0, (double)height - out.h));
        return out;
}

bool plc_on_ground(const struct plc_placement *place, bool cropped, uint32_t photo_width, uint32_t photo_height,
                   uint32_t width, uint32_t height, struct plc_rect *out)
{
        enum plc_fit fit = place->fit == PLC_FIT_COVER ? place->fallback_fit : place->fit;
        int64_t off = (int64_t)width * photo_height - (int64_t)height * photo_width;

        if (cropped || (fit != PLC_FIT_CONTAIN && fit != PLC_FIT_PAD_BLUR) || photo_width == 0 || photo_height == 0 ||
            ABS(off) <= MAX(photo_width, photo_height)) /* the photo's own ratio, to a pixel */
                return false;
        *out = plc_lay_on_canvas(place, fit, photo_width, photo_height, width, height);
        return true;
}

void plc_result_clear(struct plc_result *result)
{
        for (unsigned i = 0; result->made != NULL && i < result->n_made; i++)
                for (unsigned f = 0; f < result->made[i].n_files && f < PLC_MAX_PLACEMENT_FILES; f++)
                        plc_close_fd(&result->made[i].files[f].fd);
        g_free(result->made);
        *result = (struct plc_result){0};
}

void plc_result_free(struct plc_result *result)
{
        if (result == NULL)
                return;
        plc_result_clear(result);
        g_free(result);
}
