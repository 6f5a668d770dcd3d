/* Does a WebP that we wrote hold anything but the picture? Container specification (RFC 9649): order, flags, padding,
 * size. */
#include "media/check.h"

#include "media/bytes.h"

static bool unclean(GError **error, const char *what, size_t at)
{
        return plc_fail(error, PLC_E_UNCLEAN, "WebP: %s (at byte %zu)", what, at);
}

static const char order[][5] = {"VP8X", "ICCP", "ALPH", "VP8 ", "VP8L", "XMP "};
enum { VP8X, ICCP, ALPH, VP8, VP8L, XMP, KINDS };

struct webp {
        bool allow_icc;
        const char *xmp;
        bool seen[KINDS];
        uint8_t flags;
};

static bool check_chunk(struct webp *w, unsigned kind, const uint8_t *data, size_t size, size_t at, GError **error)
{
        for (unsigned later = kind; later < KINDS; later++)
                if (w->seen[later])
                        return unclean(error, "a chunk twice, or out of order", at);
        w->seen[kind] = true;
        if (kind == VP8X) {
                if (size != 10 || (data[0] & ~0x34) != 0 || data[1] != 0 || data[2] != 0 || data[3] != 0)
                        return unclean(error, "extended header with unknown bits", at);
                w->flags = data[0];
        } else if (kind == ICCP) {
                return w->allow_icc ? plc_check_icc(data, size, error) : unclean(error, "a colour profile", at);
        } else if (kind == VP8L) {
                return !w->seen[VP8] || unclean(error, "two pictures", at);
        } else if (kind == XMP) {
                if (w->xmp == NULL || size != strlen(w->xmp) || memcmp(data, w->xmp, size) != 0)
                        return unclean(error, "XMP that is not ours", at);
        }
        return true;
}

static bool flags_match(const struct webp *w)
{
        if (!w->seen[VP8X])
                return !w->seen[ICCP] && !w->seen[ALPH] && !w->seen[XMP];
        bool alpha = (w->flags & 0x10) != 0;
        return ((w->flags & 0x20) != 0) == w->seen[ICCP] && ((w->flags & 0x04) != 0) == w->seen[XMP] &&
               (w->seen[ALPH] ? alpha : (!alpha || w->seen[VP8L]));
}

bool plc_check_webp(const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp, uint32_t *holds, GError **error)
{
        struct webp w = {.allow_icc = allow_icc, .xmp = xmp};
        size_t at = 12;

        if (size < 20 || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WEBP", 4) != 0)
                return unclean(error, "not a WebP file", 0);
        if ((size_t)plc_le32(bytes + 4) + 8 != size)
                return unclean(error, "bytes after the container, or a wrong size", 4);
        while (at + 8 <= size) {
                size_t length = plc_le32(bytes + at + 4);
                if (length > size - at - 8)
                        return unclean(error, "a chunk runs over the end", at);
                unsigned kind = 0;
                while (kind < KINDS && memcmp(bytes + at, order[kind], 4) != 0)
                        kind++;
                if (kind == KINDS)
                        return unclean(error, "a chunk that is not on the list", at);
                if (!check_chunk(&w, kind, bytes + at + 8, length, at, error))
                        return false;
                at += 8 + length;
                if ((length & 1) != 0 && (at >= size || bytes[at++] != 0))
                        return unclean(error, "padding that is not zero", at);
        }
        if (at != size || (!w.seen[VP8] && !w.seen[VP8L]) || !flags_match(&w))
                return unclean(error, "stray bytes, no picture, or flags that do not match", at);
        *holds |= (w.seen[XMP] ? PLC_HOLDS_XMP : 0U) | (w.seen[ICCP] ? PLC_HOLDS_ICC : 0U) |
                  ((w.flags & 0x10) != 0 ? PLC_HOLDS_ALPHA : 0U);
        return true;
}
