/* Does an AVIF that we wrote hold anything but the picture? ISO/IEC 14496-12 and 23008-12: boxes, items, and every byte
 * of mdat. */
#include "media/check.h"

#include "media/bytes.h"

#define INNER 0x8000 /* boxes follow at once, without a version */
#define MAX_ITEMS 16 /* colour, alpha and our packet; libheif writes no tiles */

struct avif {
        const uint8_t *bytes;
        size_t size;
        bool allow_icc;
        const char *xmp;
        unsigned xmps, xmp_id;
        uint32_t holds;
        size_t media_start, media_end; /* the body of mdat */
        unsigned items, media;
        struct {
                unsigned item;
                uint64_t start, end;
        } extents[MAX_ITEMS];
        unsigned n_extents;
};

static bool unclean(GError **error, const uint8_t *type, const char *what)
{
        char name[5] = "";
        for (unsigned i = 0; type != NULL && i < 4; i++)
                name[i] = g_ascii_isgraph(type[i]) ? (char)type[i] : '?';
        return plc_fail(error, PLC_E_UNCLEAN, "AVIF: %s %s", what, name);
}

/* Allowed boxes and what they lie in; `read` looks inside, NULL: leaf of fixed meaning. */
struct box_rule {
        const char *name, *parent;
        unsigned header; /* bytes before the inner boxes; 0: a leaf */
        bool (*read)(struct avif *, const uint8_t *data, size_t size, GError **error);
};

static bool read_hdlr(struct avif *a, const uint8_t *data, size_t size, GError **error)
{
        (void)a;
        if (size < 24 || memcmp(data + 8, "pict", 4) != 0)
                return unclean(error, NULL, "a handler that is not for pictures");
        for (size_t i = 24; i < size; i++)
                if (data[i] != 0 && (size - i < 7 || memcmp(data + i, "libheif", 7) != 0))
                        return unclean(error, NULL, "a handler with a name");
                else if (data[i] != 0)
                        break;
        return true;
}

/* Item 2 or so, without a name, of the type that XMP has, not packed (23008-12 annex A.3). */
static bool is_xmp_item(const uint8_t *data, size_t size)
{
        static const char rest[] = "mime\0application/rdf+xml";
        return size >= 8 + sizeof rest && size <= 9 + sizeof rest && data[0] == 2 &&
               memcmp(data + 8, rest, sizeof rest) == 0 && (size == 8 + sizeof rest || data[size - 1] == 0);
}

static bool read_infe(struct avif *a, const uint8_t *data, size_t size, GError **error)
{
        if (a->xmp != NULL && is_xmp_item(data, size)) {
                a->xmp_id = plc_be16(data + 4);
                return a->xmps++ == 0 || unclean(error, data + 8, "a second packet:");
        }
        a->items++;
        if (size < 12 || data[0] != 2 || memcmp(data + 8, "av01", 4) != 0)
                return unclean(error, size >= 12 ? data + 8 : NULL, "an item that is not a picture:");
        for (size_t i = 12; i < size; i++)
                if (data[i] != 0)
                        return unclean(error, NULL, "an item with a name");
        return true;
}

static bool read_colr(struct avif *a, const uint8_t *data, size_t size, GError **error)
{
        if (size == 11 && memcmp(data, "nclx", 4) == 0) {
                a->holds |= PLC_HOLDS_NCLX;
                return true;
        }
        if (a->allow_icc && size > 4 && memcmp(data, "prof", 4) == 0) {
                a->holds |= PLC_HOLDS_ICC;
                return plc_check_icc(data + 4, size - 4, error);
        }
        return unclean(error, NULL, "a colour profile");
}

static bool read_auxc(struct avif *a, const uint8_t *data, size_t size, GError **error)
{
        static const char alpha[] = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
        a->holds |= PLC_HOLDS_ALPHA;
        return (size == 4 + sizeof alpha && memcmp(data + 4, alpha, sizeof alpha) == 0) ||
               unclean(error, NULL, "an auxiliary picture that is not alpha");
}

static uint64_t number(const uint8_t *data, unsigned width)
{
        uint64_t v = 0;
        for (unsigned i = 0; i < width; i++)
                v = (v << 8) | data[i];
        return v;
}

static bool read_iloc(struct avif *a, const uint8_t *data, size_t size, GError **error)
{
        if (size < 8 || data[0] > 1)
                return unclean(error, NULL, "a location box of another version");
        unsigned offset_w = data[4] >> 4, length_w = data[4] & 15, base_w = data[5] >> 4,
                 index_w = data[0] == 1 ? data[5] & 15 : 0;
        unsigned n = plc_be16(data + 6);
        size_t at = 8, fixed = (data[0] == 1 ? 4U : 2U) + 2 + base_w + 2;
        for (unsigned i = 0; i < n; i++) {
                if (offset_w > 8 || length_w > 8 || base_w > 8 || index_w > 8 || size - at < fixed)
                        return unclean(error, NULL, "a location box that runs over its end");
                if (data[0] == 1 && plc_be16(data + at + 2) != 0)
                        return unclean(error, NULL, "an item stored elsewhere");
                unsigned item = plc_be16(data + at);
                uint64_t base = number(data + at + fixed - 2 - base_w, base_w);
                unsigned extents = plc_be16(data + at + fixed - 2);
                at += fixed;
                for (unsigned e = 0; e < extents; e++) {
                        if (a->n_extents == MAX_ITEMS || size - at < index_w + offset_w + length_w)
                                return unclean(error, NULL, "more places than pictures");
                        uint64_t start = base + number(data + at + index_w, offset_w);
                        uint64_t length = number(data + at + index_w + offset_w, length_w);
                        if (start > a->size || length > a->size - start)
                                return unclean(error, NULL, "a picture outside the file");
                        a->extents[a->n_extents].item = item;
                        a->extents[a->n_extents].start = start;
                        a->extents[a->n_extents++].end = start + length;
                        at += index_w + offset_w + length_w;
                }
        }
        return at == size || unclean(error, NULL, "slack in the location box");
}

static const struct box_rule rules[] = {
        {"ftyp", "", 0, NULL},          {"meta", "", 4, NULL},          {"mdat", "", 0, NULL},
        {"hdlr", "meta", 0, read_hdlr}, {"pitm", "meta", 0, NULL},      {"iloc", "meta", 0, read_iloc},
        {"iinf", "meta", 6, NULL},      {"infe", "iinf", 0, read_infe}, {"iprp", "meta", INNER, NULL},
        {"ipco", "iprp", INNER, NULL},  {"ipma", "iprp", 0, NULL},      {"ispe", "ipco", 0, NULL},
        {"pixi", "ipco", 0, NULL},      {"av1C", "ipco", 0, NULL},      {"colr", "ipco", 0, read_colr},
        {"auxC", "ipco", 0, read_auxc}, {"iref", "meta", 4, NULL},      {"auxl", "iref", 0, NULL},
        {"prem", "iref", 0, NULL},      {"cdsc", "iref", 0, NULL},
};

static bool walk(struct avif *a, const char *parent, size_t at, size_t end, GError **error);

static bool check_box(struct avif *a, const char *parent, const uint8_t *type, size_t body, size_t end, GError **error)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++) {
                const struct box_rule *rule = &rules[i];
                if (memcmp(type, rule->name, 4) != 0 || strcmp(parent, rule->parent) != 0)
                        continue;
                if (rule->read != NULL && !rule->read(a, a->bytes + body, end - body, error))
                        return false;
                if (strcmp(rule->name, "mdat") == 0) {
                        a->media++;
                        a->media_start = body;
                        a->media_end = end;
                }
                if (rule->header == 0)
                        return true;
                size_t inner = body + (rule->header & 0xFFF);
                return inner <= end ? walk(a, rule->name, inner, end, error) : unclean(error, type, "an empty box");
        }
        return unclean(error, type, "a box that is not on the list:");
}

static bool walk(struct avif *a, const char *parent, size_t at, size_t end, GError **error)
{
        while (at < end) {
                if (end - at < 8)
                        return unclean(error, NULL, "stray bytes after the boxes");
                size_t length = plc_be32(a->bytes + at);
                if (length < 8 || length > end - at)
                        return unclean(error, a->bytes + at + 4, "a box of impossible size:");
                if (!check_box(a, parent, a->bytes + at + 4, at + 8, at + length, error))
                        return false;
                at += length;
        }
        return true;
}

/* Bytes of mdat that no item claims could hold anything. */
static bool media_is_covered(struct avif *a, GError **error)
{
        size_t at = a->media_start;
        for (unsigned round = 0; round < a->n_extents && at < a->media_end; round++)
                for (unsigned i = 0; i < a->n_extents; i++)
                        if (a->extents[i].start == at)
                                at = (size_t)a->extents[i].end;
        return at == a->media_end || unclean(error, NULL, "media bytes that belong to no picture");
}

/* The item that says it is XMP is ours, byte by byte, in one piece. */
static bool packet_is_ours(const struct avif *a, GError **error)
{
        unsigned pieces = 0;
        bool same = true;

        for (unsigned i = 0; a->xmps > 0 && i < a->n_extents; i++) {
                if (a->extents[i].item != a->xmp_id)
                        continue;
                size_t length = (size_t)(a->extents[i].end - a->extents[i].start);
                pieces++;
                same = same && length == strlen(a->xmp) && memcmp(a->bytes + a->extents[i].start, a->xmp, length) == 0;
        }
        return (same && pieces == a->xmps) || unclean(error, NULL, "XMP that is not ours");
}

bool plc_check_isobmff(const uint8_t *bytes, size_t size, bool allow_icc, const char *xmp, uint32_t *holds,
                       GError **error)
{
        struct avif a = {.bytes = bytes, .size = size, .allow_icc = allow_icc, .xmp = xmp};

        if (size < 16 || memcmp(bytes + 4, "ftyp", 4) != 0)
                return unclean(error, NULL, "not an AVIF file");
        if (!walk(&a, "", 0, size, error))
                return false;
        if (a.media != 1 || a.items == 0)
                return unclean(error, NULL, "no picture, or media twice");
        if (!packet_is_ours(&a, error) || !media_is_covered(&a, error))
                return false;
        *holds |= a.holds | (a.xmps > 0 ? PLC_HOLDS_XMP : 0U);
        return true;
}
