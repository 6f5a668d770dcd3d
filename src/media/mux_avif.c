/*
 * How does our packet get into an AVIF? As an item of its own that describes the picture (ISO/IEC 23008-12 annex A.3),
 * its bytes behind the picture's. libheif could add it, but libvips 8.14 then adds EXIF of its own making, too.
 */
#include "media/mux.h"

#include "media/bytes.h"

/* What libheif writes: ftyp, meta, mdat; iloc of version 0 with places of 4 bytes from the file's start. */
struct avif {
        const uint8_t *bytes;
        size_t size;
        size_t meta, meta_end, mdat;
        unsigned last_id, picture_id;
        bool has_iref;
};

static const char content_type[] = "mime\0application/rdf+xml"; /* item type, empty name, content type */

enum {
        PLACE = 2 + 2 + 4 + 2 + 4 + 4,            /* of an item in iloc: id, file, base, count, offset, length */
        ENTRY = 8 + 8 + (int)sizeof content_type, /* infe: head; version, id, protection; type, name, content type */
        REFERENCE = 8 + 2 + 2 + 2,                /* cdsc: head; from, count, to */
        NEW_BOX = 12,                             /* iref itself: head and version */
};

static bool broken(GError **error)
{
        return plc_fail(error, PLC_E_UNCLEAN, "the encoder's AVIF could not be followed");
}

static bool is(const uint8_t *box, const char *type)
{
        return memcmp(box + 4, type, 4) == 0;
}

/* The size of the box at `at`; 0 where it does not lie before `end`. */
static size_t box_size(const uint8_t *bytes, size_t at, size_t end)
{
        size_t size = end >= at && end - at >= 12 ? plc_be32(bytes + at) : 0;
        return size >= 12 && size <= end - at ? size : 0;
}

static bool look_into_meta(struct avif *a)
{
        size_t size;
        bool places = false, entries = false;

        for (size_t at = a->meta + 12; at < a->meta_end; at += size) {
                const uint8_t *box = a->bytes + at;
                size = box_size(a->bytes, at, a->meta_end);
                if (size == 0)
                        return false;
                if (is(box, "iloc")) {
                        places = size >= 16 && box[8] == 0 && box[12] == 0x44 && box[13] == 0x40 &&
                                 size == 16 + (size_t)plc_be16(box + 14) * PLACE;
                        for (size_t i = 0; places && i < plc_be16(box + 14); i++) {
                                const uint8_t *item = box + 16 + i * PLACE;
                                a->last_id = MAX(a->last_id, plc_be16(item));
                                places = plc_be16(item + 8) == 1;
                        }
                } else if (is(box, "iinf")) {
                        entries = size >= 14 && box[8] == 0;
                } else if (is(box, "pitm")) {
                        a->picture_id = size == 14 ? plc_be16(box + 12) : 0;
                } else if (is(box, "iref")) {
                        a->has_iref = box[8] == 0;
                }
        }
        return places && entries && a->picture_id != 0 && a->last_id < 0xFFFF;
}

static bool follow(struct avif *a)
{
        size_t ftyp = box_size(a->bytes, 0, a->size), meta = box_size(a->bytes, ftyp, a->size);

        if (ftyp == 0 || meta == 0 || !is(a->bytes, "ftyp") || !is(a->bytes + ftyp, "meta"))
                return false;
        a->meta = ftyp;
        a->meta_end = a->mdat = ftyp + meta;
        size_t mdat = box_size(a->bytes, a->mdat, a->size);
        return mdat != 0 && a->mdat + mdat == a->size && is(a->bytes + a->mdat, "mdat") && look_into_meta(a);
}

static void put16(GByteArray *out, unsigned v)
{
        g_byte_array_append(out, (uint8_t[]){(uint8_t)(v >> 8), (uint8_t)v}, 2);
}

static void put32(GByteArray *out, size_t v)
{
        uint8_t four[4];
        plc_put_be32(four, (uint32_t)v);
        g_byte_array_append(out, four, 4);
}

static void put_head(GByteArray *out, size_t size, const char *type)
{
        put32(out, size);
        g_byte_array_append(out, (const uint8_t *)type, 4);
}

/* Each place moves by what meta grows; ours is the last. */
static void put_places(const struct avif *a, const uint8_t *box, size_t growth, size_t xmp_size, GByteArray *out)
{
        size_t size = plc_be32(box);

        put_head(out, size + PLACE, "iloc");
        g_byte_array_append(out, box + 8, 6);
        put16(out, plc_be16(box + 14) + 1U);
        for (size_t at = 16; at < size; at += PLACE) {
                g_byte_array_append(out, box + at, 10);
                put32(out, plc_be32(box + at + 10) + growth);
                g_byte_array_append(out, box + at + 14, 4);
        }
        put16(out, a->last_id + 1);
        put16(out, 0);
        put32(out, 0);
        put16(out, 1);
        put32(out, a->size + growth);
        put32(out, xmp_size);
}

static void put_entries(const struct avif *a, const uint8_t *box, GByteArray *out)
{
        size_t size = plc_be32(box);

        put_head(out, size + ENTRY, "iinf");
        g_byte_array_append(out, box + 8, 4);
        put16(out, plc_be16(box + 12) + 1U);
        g_byte_array_append(out, box + 14, (guint)size - 14);
        put_head(out, ENTRY, "infe");
        put32(out, 0x02000000); /* version 2 */
        put16(out, a->last_id + 1);
        put16(out, 0);
        g_byte_array_append(out, (const uint8_t *)content_type, sizeof content_type);
}

static void put_reference(const struct avif *a, GByteArray *out)
{
        put_head(out, REFERENCE, "cdsc");
        put16(out, a->last_id + 1);
        put16(out, 1);
        put16(out, a->picture_id);
}

bool plc_mux_avif(const uint8_t *bytes, size_t size, const char *xmp, GByteArray *out, GError **error)
{
        struct avif a = {.bytes = bytes, .size = size};

        if (!follow(&a))
                return broken(error);
        size_t xmp_size = strlen(xmp), growth = PLACE + ENTRY + REFERENCE + (a.has_iref ? 0 : NEW_BOX);
        g_byte_array_append(out, bytes, (guint)a.meta);
        put_head(out, a.meta_end - a.meta + growth, "meta");
        g_byte_array_append(out, bytes + a.meta + 8, 4);
        for (size_t at = a.meta + 12; at < a.meta_end; at += plc_be32(bytes + at)) {
                const uint8_t *box = bytes + at;
                if (is(box, "iloc")) {
                        put_places(&a, box, growth, xmp_size, out);
                } else if (is(box, "iinf")) {
                        put_entries(&a, box, out);
                } else if (is(box, "iref")) {
                        put_head(out, plc_be32(box) + REFERENCE, "iref");
                        g_byte_array_append(out, box + 8, plc_be32(box) - 8);
                        put_reference(&a, out);
                } else {
                        g_byte_array_append(out, box, plc_be32(box));
                }
        }
        if (!a.has_iref) {
                put_head(out, NEW_BOX + REFERENCE, "iref");
                put32(out, 0);
                put_reference(&a, out);
        }
        put_head(out, a.size - a.mdat + xmp_size, "mdat");
        g_byte_array_append(out, bytes + a.mdat + 8, (guint)(a.size - a.mdat - 8));
        g_byte_array_append(out, (const uint8_t *)xmp, (guint)xmp_size);
        return true;
}
