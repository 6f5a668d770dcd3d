/* What stood in a HEIC or AVIF file: which items besides the picture (EXIF, XMP, thumbnails, depth and gain maps),
 * which profile? */
#include "media/container.h"

#include "media/bytes.h"
#include <glib.h>

#define MAX_ITEMS 4096 /* a 50 megapixel iPhone photo has 50 to 150 (tiles) */
#define MAX_DEPTH 4

struct item_place {
        uint32_t exif_id, xmp_id;
};

static bool is(const uint8_t *four, const char *name)
{
        return memcmp(four, name, 4) == 0;
}

/* The next box in [*at, end): its type and body; false at the end or where it is broken. ISO/IEC 14496-12 section 4.2.
 */
static bool next_box(const uint8_t *bytes, size_t end, size_t *at, const uint8_t **type, size_t *body, size_t *body_end)
{
        if (end - *at < 8)
                return false;
        uint64_t length = plc_be32(bytes + *at);
        size_t header = 8;
        *type = bytes + *at + 4;
        if (length == 1) {
                if (end - *at < 16)
                        return false;
                length = ((uint64_t)plc_be32(bytes + *at + 8) << 32) | plc_be32(bytes + *at + 12);
                header = 16;
        } else if (length == 0) {
                length = end - *at;
        }
        if (length < header || length > end - *at)
                return false;
        *body = *at + header;
        *at += (size_t)length;
        *body_end = *at;
        return true;
}

/* infe: item id, type, name and content type (ISO/IEC 14496-12 section 8.11.6). */
static void read_item_entry(const uint8_t *data, size_t size, struct plc_container *out, struct item_place *place)
{
        if (size < 12 || (data[0] != 2 && data[0] != 3))
                return;
        size_t wide = data[0] == 3 ? 2 : 0;
        if (size < 12 + wide)
                return;
        uint32_t id = wide != 0 ? plc_be32(data + 4) : plc_be16(data + 4);
        const uint8_t *type = data + 8 + wide;
        if (is(type, "Exif")) {
                out->found |= PLC_REMOVED_EXIF;
                place->exif_id = id;
        } else if (is(type, "mime")) {
                if (memmem(type, size - 8 - wide, "rdf+xml", 7) != NULL) {
                        out->found |= PLC_REMOVED_XMP;
                        place->xmp_id = id;
                } else {
                        out->found |= PLC_REMOVED_COMMENT;
                }
        } else if (is(type, "tmap")) {
                out->found |= PLC_REMOVED_MPF;
        }
}

static void read_item_list(const uint8_t *bytes, size_t at, size_t end, struct plc_container *out,
                           struct item_place *place)
{
        if (end - at < 8)
                return;
        at += bytes[at] == 0 ? 6 : 8;
        const uint8_t *type;
        size_t body, body_end;
        for (unsigned n = 0; n < MAX_ITEMS && next_box(bytes, end, &at, &type, &body, &body_end); n++)
                if (is(type, "infe"))
                        read_item_entry(bytes + body, body_end - body, out, place);
}

struct reader {
        const uint8_t *bytes;
        size_t at, end;
        bool broken;
};

static uint64_t take(struct reader *r, unsigned width)
{
        uint64_t v = 0;
        if (r->broken || r->end - r->at < width) {
                r->broken = true;
                return 0;
        }
        for (unsigned i = 0; i < width; i++)
                v = (v << 8) | r->bytes[r->at++];
        return v;
}

/* iloc: the first extent of the EXIF and XMP items (section 8.11.3); pieces and other construction methods are not
 * followed. */
static void read_item_places(struct reader r, size_t file_size, struct plc_container *out,
                             const struct item_place *place)
{
        unsigned version = (unsigned)take(&r, 4) >> 24, sizes = (unsigned)take(&r, 2);
        unsigned offset_w = sizes >> 12, length_w = (sizes >> 8) & 15, base_w = (sizes >> 4) & 15;
        unsigned index_w = version == 0 ? 0 : sizes & 15, id_w = version == 2 ? 4 : 2;
        uint64_t n = take(&r, id_w);

        for (uint64_t i = 0; i < MIN(n, MAX_ITEMS) && !r.broken; i++) {
                uint32_t id = (uint32_t)take(&r, id_w);
                unsigned method = version == 0 ? 0 : (unsigned)take(&r, 2) & 15;
                take(&r, 2);
                uint64_t base = take(&r, base_w), extents = take(&r, 2);
                for (uint64_t e = 0; e < MIN(extents, MAX_ITEMS) && !r.broken; e++) {
                        take(&r, index_w);
                        uint64_t offset = base + take(&r, offset_w), length = take(&r, length_w);
                        if (r.broken || e > 0 || method != 0 || offset > file_size || length > file_size - offset)
                                continue;
                        const uint8_t *data = r.bytes + offset;
                        if (id == place->exif_id && length > 4 && plc_be32(data) < length - 4)
                                out->exif = data + 4 + plc_be32(data), out->exif_size = length - 4 - plc_be32(data);
                        else if (id == place->xmp_id)
                                out->xmp = data, out->xmp_size = length;
                }
        }
}

static void read_properties(const uint8_t *bytes, size_t at, size_t end, struct plc_container *out, int depth)
{
        const uint8_t *type;
        size_t body, body_end;

        for (unsigned n = 0; n < MAX_ITEMS && next_box(bytes, end, &at, &type, &body, &body_end); n++) {
                size_t size = body_end - body;
                const uint8_t *data = bytes + body;
                if (is(type, "ipco") && depth < MAX_DEPTH)
                        read_properties(bytes, body, body_end, out, depth + 1);
                else if (is(type, "colr") && size >= 4 && (is(data, "prof") || is(data, "rICC")))
                        out->found |= PLC_REMOVED_ICC;
                else if (is(type, "colr") && size >= 10 && is(data, "nclx") && plc_be16(data + 4) == 12)
                        out->has_display_p3_nclx = true;
                else if (is(type, "auxC") && memmem(data, size, "alpha", 5) == NULL &&
                         memmem(data, size, "auxid:1", 7) == NULL)
                        out->found |= PLC_REMOVED_MPF; /* depth, gain map, mattes */
                else if (is(type, "udes"))
                        out->found |= PLC_REMOVED_COMMENT;
        }
}

static void read_meta(const uint8_t *bytes, size_t start, size_t end, size_t size, struct plc_container *out)
{
        struct item_place place = {0};
        const uint8_t *type;
        size_t body, body_end;

        for (int pass = 0; pass < 2; pass++) { /* iloc may stand before iinf */
                size_t at = start;
                for (unsigned n = 0; n < MAX_ITEMS && next_box(bytes, end, &at, &type, &body, &body_end); n++) {
                        if (pass == 0 && is(type, "iinf"))
                                read_item_list(bytes, body, body_end, out, &place);
                        else if (pass == 1 && is(type, "iloc"))
                                read_item_places((struct reader){bytes, body, body_end, false}, size, out, &place);
                        else if (pass == 1 && is(type, "iprp"))
                                read_properties(bytes, body, body_end, out, 0);
                        else if (pass == 1 && is(type, "iref") &&
                                 memmem(bytes + body, body_end - body, "thmb", 4) != NULL)
                                out->found |= PLC_REMOVED_THUMBNAIL;
                }
        }
}

void plc_container_read_heif(const uint8_t *bytes, size_t size, struct plc_container *out)
{
        const uint8_t *type;
        size_t at = 0, body, body_end;

        for (unsigned n = 0; n < MAX_ITEMS && at < size; n++) {
                if (!next_box(bytes, size, &at, &type, &body, &body_end)) {
                        out->found |= PLC_REMOVED_TRAILER;
                        return;
                }
                if (is(type, "meta") && body_end - body > 4)
                        read_meta(bytes, body + 4, body_end, size, out);
                else if (is(type, "uuid") || is(type, "jumb")) {
                        out->found |= PLC_REMOVED_C2PA;
                        out->c2pa = bytes + body, out->c2pa_size = body_end - body;
                } else if (is(type, "moov") || is(type, "mpvd"))
                        out->found |= PLC_REMOVED_VIDEO;
        }
        if ((out->found & PLC_REMOVED_ICC) != 0)
                out->has_display_p3_nclx = false;
}
