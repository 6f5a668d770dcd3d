/* Does a HEIC stand upright, turned by its own boxes and by nothing else? Files whose irot and imir we wrote. */
#include "photos.h"

#define WIDTH 160
#define HEIGHT 120

struct turn {
        char kind; /* 'r': irot, counter-clockwise by 90° × value; 'm': imir, 0 swaps top and bottom, 1 left and right
                      (ISO/IEC 23008-12, 6.5.10 and 6.5.12); 0: no more */
        uint8_t value;
};

static uint32_t be32(const GByteArray *file, size_t at)
{
        g_assert_cmpuint(at + 4, <=, file->len);
        return (uint32_t)file->data[at] << 24 | (uint32_t)file->data[at + 1] << 16 | (uint32_t)file->data[at + 2] << 8 |
               file->data[at + 3];
}

static void add_be32(GByteArray *file, size_t at, uint32_t more)
{
        uint32_t value = be32(file, at) + more;

        for (int i = 0; i < 4; i++)
                file->data[at + (size_t)i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Where the box begins among those that begin at `at`. */
static size_t box(const GByteArray *file, size_t at, const char *type)
{
        while (memcmp(file->data + at + 4, type, 4) != 0) {
                g_assert_cmpuint(be32(file, at), >=, 8);
                at += be32(file, at);
                g_assert_cmpuint(at + 8, <=, file->len);
        }
        return at;
}

static void insert(GByteArray *file, size_t at, const uint8_t *bytes, guint size)
{
        g_byte_array_set_size(file, file->len + size);
        memmove(file->data + at + size, file->data + at, file->len - size - at);
        memcpy(file->data + at, bytes, size);
}

/* A property more, of item 1, behind those that it has; all as libheif lays a file of one picture out. */
static void add_turn(GByteArray *file, struct turn turn)
{
        const uint8_t property[9] = {0,
                                     0,
                                     0,
                                     9,
                                     'i',
                                     turn.kind == 'r' ? 'r' : 'm',
                                     turn.kind == 'r' ? 'o' : 'i',
                                     turn.kind == 'r' ? 't' : 'r',
                                     turn.value};
        size_t meta = box(file, 0, "meta"), iprp = box(file, meta + 12, "iprp"), ipco = box(file, iprp + 8, "ipco"),
               iloc = box(file, meta + 12, "iloc"), ipma = box(file, iprp + 8, "ipma");
        uint8_t n = 0;

        for (size_t at = ipco + 8; at < ipma; at += be32(file, at))
                n++;
        g_assert_cmpuint(be32(file, ipma + 8), ==, 0);     /* version 0, short indices */
        g_assert_cmpuint(be32(file, ipma + 12), ==, 1);    /* of one item */
        g_assert_cmpuint(be32(file, iloc + 8), ==, 0);     /* version 0 */
        g_assert_cmpuint(file->data[iloc + 12], ==, 0x44); /* a base offset and one extent an item: 18 bytes */
        g_assert_cmpuint(file->data[iloc + 13], ==, 0x40);
        for (unsigned i = 0; i < file->data[iloc + 15]; i++)
                add_be32(file, iloc + 20 + i * 18, sizeof property + 1);
        file->data[ipma + 18]++;
        insert(file, ipma + be32(file, ipma), (const uint8_t[]){0x80 | (n + 1)}, 1); /* essential */
        insert(file, ipma, property, sizeof property);
        add_be32(file, ipma + sizeof property, 1);
        add_be32(file, ipco, sizeof property);
        add_be32(file, iprp, sizeof property + 1);
        add_be32(file, meta, sizeof property + 1);
}

/* The picture that becomes `upright` by the turn. */
static VipsImage *before(VipsImage *upright, struct turn turn)
{
        VipsImage *out = NULL;

        if (turn.kind == 'r')
                g_assert_cmpint(vips_rot(upright, &out, (VipsAngle)turn.value, NULL), ==, 0); /* clockwise */
        else
                g_assert_cmpint(vips_flip(upright, &out,
                                          turn.value == 0 ? VIPS_DIRECTION_VERTICAL : VIPS_DIRECTION_HORIZONTAL, NULL),
                                ==, 0);
        g_object_unref(upright);
        return out;
}

static const struct turned {
        const char *sentence;
        struct turn turns[3]; /* in the order of the properties */
        int exif;             /* orientation that EXIF says besides; 0: none */
} rows[] = {
        {"without a turn", {{0}}, 0},
        {"turned by 90 degrees", {{'r', 1}}, 0},
        {"turned by 180 degrees", {{'r', 2}}, 0},
        {"turned by 270 degrees", {{'r', 3}}, 0},
        {"top and bottom mirrored", {{'m', 0}}, 0},
        {"left and right mirrored", {{'m', 1}}, 0},
        {"turned, then mirrored", {{'r', 1}, {'m', 1}}, 0},
        {"mirrored, then turned", {{'m', 1}, {'r', 1}}, 0},
        {"turned by 90 degrees, and EXIF says so too", {{'r', 3}}, 6},
        {"turned by 270 degrees, and EXIF says so too", {{'r', 1}}, 8},
        {"turned by 180 degrees, and EXIF says otherwise", {{'r', 2}}, 6},
        {"mirrored, and EXIF says so too", {{'m', 1}}, 2},
        {"not turned, whatever EXIF says", {{0}}, 6},
};

static GByteArray *heic(const struct turned *row)
{
        VipsImage *stored = make_quarters(WIDTH, HEIGHT), *copy;
        unsigned n = 0;
        GByteArray *file;

        while (n < G_N_ELEMENTS(row->turns) && row->turns[n].kind != 0)
                n++;
        for (unsigned i = n; i-- > 0;)
                stored = before(stored, row->turns[i]);
        copy = vips_image_copy_memory(stored);
        g_object_unref(stored);
        if (row->exif != 0)
                vips_image_set_int(copy, VIPS_META_ORIENTATION, row->exif);
        file = save(copy, ".heic[Q=90]");
        for (unsigned i = 0; i < n; i++)
                add_turn(file, row->turns[i]);
        return file;
}

static void check_row(gconstpointer data)
{
        g_autoptr(GByteArray) file = heic(data);
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        VipsImage *image;

        add_placement(plan, "same", WIDTH, 0, PLC_FIT_INSIDE, PLC_FORMAT_PNG);
        render(file, plan, &result);
        g_assert_cmpuint(result.facts.width, ==, WIDTH);
        g_assert_cmpuint(result.facts.height, ==, HEIGHT);
        g_assert_cmpuint(result.facts.orientation, ==, 1);
        g_assert_cmpuint(result.made[0].n_files, ==, 1);
        image = decode(&result.made[0].files[0]);
        g_assert_cmpint(image->Xsize, ==, WIDTH);
        g_assert_cmpint(image->Ysize, ==, HEIGHT);
        assert_quarters(image, 8);
        g_object_unref(image);
        plc_result_clear(&result);
}

/* EXIF is in the file, so that the rows that name it would notice it being read. */
static void exif_is_there(void)
{
        g_autoptr(GByteArray) file = heic(&rows[8]);
        static const uint8_t tag[] = {0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0}; /* Orientation, SHORT, 1 value, 6 */

        g_assert_nonnull(memmem(file->data, file->len, tag, sizeof tag));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media();
        for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/heif/%s", rows[i].sentence);

                g_test_add_data_func(path, &rows[i], check_row);
        }
        g_test_add_func("/heif/the orientation that EXIF says is in the file", exif_is_there);
        return g_test_run();
}
