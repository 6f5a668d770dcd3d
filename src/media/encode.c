/* How do pixels become a JPEG, WebP, PNG or AVIF file, and which quality fits the byte limit? Nothing leaves here
 * unchecked. */
#include "media/encode.h"

#include "media/colour.h"
#include "media/media.h"
#include "media/mux.h"
#include "media/photo.h"
#include "media/search.h"

#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15
#define BARE "keep", VIPS_FOREIGN_KEEP_NONE
#else
#define BARE "strip", TRUE /* of no effect for WebP in 8.14.1: the muxer drops what it writes */
#endif

/* Below these, artefacts are seen at once; a place that needs less gets another size, or nothing. */
static int min_quality(enum plc_format format)
{
        return format == PLC_FORMAT_AVIF ? 40 : 60;
}

/* Of 255. Measured on 50 photos at 320, 640 and 1280 pixels: half lie under 9, 95 % under 22, one of 107 over 30;
 * coloured lettering of 14 to 48 pixels over a quarter of a picture or all of it: 34 to 71. */
#define CHROMA_THRESHOLD 30

bool plc_needs_full_chroma(VipsImage *pixels)
{
        unsigned histogram[256] = {0}, n = 0, above = 0;
        size_t w = (size_t)pixels->Xsize, h = (size_t)pixels->Ysize, bands = (size_t)pixels->Bands;
        const uint8_t *first = plc_pixels(pixels);

        for (size_t y = 0; y + 1 < h; y += 4) /* every second pair of lines tells as much */
                for (size_t x = 0; x + 1 < w; x += 2) {
                        double cb[4], cr[4], mean_cb = 0, mean_cr = 0, worst = 0;
                        for (size_t i = 0; i < 4; i++) {
                                const uint8_t *p = first + ((y + (i >> 1)) * w + x + (i & 1)) * bands;
                                cb[i] = -0.169 * p[0] - 0.331 * p[1] + 0.5 * p[2];
                                cr[i] = 0.5 * p[0] - 0.419 * p[1] - 0.081 * p[2];
                                mean_cb += cb[i] / 4, mean_cr += cr[i] / 4;
                        }
                        for (int i = 0; i < 4; i++)
                                worst = fmax(worst, fmax(fabs(cb[i] - mean_cb), fabs(cr[i] - mean_cr)));
                        histogram[(unsigned)fmin(worst, 255)]++;
                        n++;
                }
        for (unsigned v = CHROMA_THRESHOLD; v < 256; v++)
                above += histogram[v];
        return n > 0 && above * 100 > n; /* the 99th percentile */
}

static int encode_once(VipsImage *in, const struct plc_encoding *e, int quality, bool full_chroma, void **out,
                       size_t *size)
{
        VipsForeignSubsample subsample = full_chroma ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON;
        switch (e->format) {
        case PLC_FORMAT_JPEG:
                return vips_jpegsave_buffer(in, out, size, "Q", quality, "optimize_coding", TRUE, "interlace",
                                            e->progressive, "subsample_mode", subsample, BARE, NULL);
        case PLC_FORMAT_WEBP:
                return vips_webpsave_buffer(in, out, size, "Q", quality, "effort", CLAMP(e->effort, 0, 6), BARE, NULL);
        case PLC_FORMAT_PNG:
                return vips_pngsave_buffer(in, out, size, "compression", 9, BARE, NULL);
        case PLC_FORMAT_AVIF:
                return vips_heifsave_buffer(in, out, size, "Q", quality, "compression",
                                            VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "effort", CLAMP(e->effort, 0, 9),
                                            "subsample_mode", subsample, BARE, NULL);
        default:
                vips_error("placet", "no encoder");
                return -1;
        }
}

static bool encode_checked(VipsImage *in, const struct plc_encoding *e, int quality, bool full_chroma, const char *xmp,
                           GByteArray **out, uint32_t *out_holds, GError **error)
{
        void *raw = NULL;
        size_t size = 0;
        if (encode_once(in, e, quality, full_chroma, &raw, &size) != 0)
                return plc_vips_fail(error, PLC_E_INTERNAL, "a rendition cannot be encoded");
        g_autoptr(GByteArray) file = NULL;
        bool done = plc_mux(e->format, raw, size, (uint32_t)in->Xsize, (uint32_t)in->Ysize, xmp, &file, error);
        g_free(raw);
        if (!done || !plc_media_check_clean(e->format, file->data, file->len, false, xmp, out_holds, error))
                return false;
        *out = g_steal_pointer(&file);
        return true;
}

/* Encodes at the asked quality, then lower ones as the search says; keeps the best. */
static bool search(VipsImage *in, const struct plc_encoding *e, bool full_chroma, int64_t max_bytes, const char *xmp,
                   struct plc_encoded *out, GError **error)
{
        struct plc_search s = {.format = e->format,
                               .limit = max_bytes > 0 ? max_bytes : INT64_MAX,
                               .min_quality = MIN(min_quality(e->format), e->quality)};
        g_autoptr(GByteArray) best = NULL;

        for (int quality = e->quality; quality != 0; quality = e->format == PLC_FORMAT_PNG ? 0 : plc_search_next(&s)) {
                g_autoptr(GByteArray) file = NULL;
                if (!encode_checked(in, e, quality, full_chroma, xmp, &file, &out->holds, error))
                        return false;
                plc_search_note(&s, quality, file->len);
                if (plc_search_best(&s) == s.n - 1) {
                        g_clear_pointer(&best, g_byte_array_unref);
                        best = g_steal_pointer(&file);
                }
        }
        unsigned at = plc_search_best(&s);
        out->bytes = g_steal_pointer(&best);
        out->quality = s.tried[at].quality;
        out->encodes += (int)s.n;
        out->too_heavy = s.tried[at].bytes > s.limit;
        return true;
}

bool plc_encode(VipsImage *pixels, const struct plc_encoding *encoding, int64_t max_bytes, const char *xmp,
                struct plc_encoded *out, GError **error)
{
        plc_autoimage flat = NULL;
        *out = (struct plc_encoded){0};
        if (encoding->format == PLC_FORMAT_JPEG && pixels->Bands == 4) {
                VipsImage *t = NULL;
                flat = plc_colour_flatten(pixels, &t) == 0 ? plc_bare(t) : NULL;
                if (flat == NULL)
                        return plc_vips_fail(error, PLC_E_MEMORY, "a rendition cannot be flattened");
                pixels = flat;
        }
        /* WebP has no 4:4:4, PNG nothing else. */
        bool full = (encoding->format == PLC_FORMAT_JPEG || encoding->format == PLC_FORMAT_AVIF) &&
                    (encoding->subsample == PLC_SUBSAMPLE_444 ||
                     (encoding->subsample == PLC_SUBSAMPLE_AUTO && plc_needs_full_chroma(pixels)));
        if (!search(pixels, encoding, full, max_bytes, xmp, out, error))
                return false;
        if (out->too_heavy && full) { /* a soft edge is better than no file */
                g_clear_pointer(&out->bytes, g_byte_array_unref);
                return search(pixels, encoding, false, max_bytes, xmp, out, error);
        }
        return true;
}
