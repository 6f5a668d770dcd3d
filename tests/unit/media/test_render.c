/* What comes out of one photo for many placements: exact, sealed, clean, within its limits; and what never gets that
 * far? */
#include "media/bytes.h"
#include "media/mux.h"
#include "media/xmp.h"
#include "photos.h"
#include <fcntl.h>

static void one_decode_many_sizes(void)
{
        g_autoptr(GByteArray) bytes = save(make_quarters(1600, 1200), ".jpg[Q=95]");
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        struct plc_placement *card = add_placement(plan, "card", 960, 0, PLC_FIT_INSIDE, PLC_FORMAT_WEBP);
        card->n_widths = 3;
        card->widths[0] = 165, card->widths[1] = 480, card->widths[2] = 960;
        card->encodings[card->n_encodings++] =
                (struct plc_encoding){.format = PLC_FORMAT_JPEG, .quality = 80, .progressive = true};
        add_placement(plan, "square", 600, 600, PLC_FIT_COVER, PLC_FORMAT_JPEG);
        add_placement(plan, "story", 450, 800, PLC_FIT_PAD_BLUR, PLC_FORMAT_JPEG);
        add_placement(plan, "white", 900, 600, PLC_FIT_CONTAIN, PLC_FORMAT_PNG);
        add_placement(plan, "huge", 4000, 4000, PLC_FIT_COVER, PLC_FORMAT_JPEG)->size_mode = PLC_SIZE_EXACT;
        render(bytes, plan, &result);

        static const struct {
                unsigned n_files;
                enum plc_placement_verdict verdict;
        } wanted[] = {{6, PLC_VERDICT_OK},
                      {1, PLC_VERDICT_OK},
                      {1, PLC_VERDICT_OK},
                      {1, PLC_VERDICT_OK},
                      {0, PLC_VERDICT_REFUSED}};
        g_assert_cmpuint(result.n_made, ==, G_N_ELEMENTS(wanted));
        for (unsigned m = 0; m < result.n_made; m++) {
                const struct plc_made *made = &result.made[m];
                g_assert_cmpstr(made->preset, ==, plan->placements[m].id);
                g_assert_cmpint(made->verdict, ==, wanted[m].verdict);
                g_assert_cmpuint(made->n_files, ==, wanted[m].n_files);
                for (unsigned f = 0; f < made->n_files; f++) {
                        g_assert_cmpint(fcntl(made->files[f].fd, F_GET_SEALS), ==,
                                        F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
                        g_object_unref(decode(&made->files[f])); /* asserts the size */
                }
        }
        g_assert_cmpuint(result.made[0].files[0].width, ==, 165);
        g_assert_cmpuint(result.made[0].files[0].height, ==, 124);
        g_assert_cmpuint(result.made[0].files[5].width, ==, 960);
        VipsImage *white = decode(&result.made[3].files[0]), *story = decode(&result.made[2].files[0]);
        assert_pixel(white, 0.01, 0.5, 255, 255, 255, 0);
        assert_pixel(white, 0.2, 0.2, 200, 40, 40, 2);
        assert_pixel(story, 0.2, 0.4, 200, 40, 40, 4);  /* the photo itself */
        assert_pixel(story, 0.2, 0.02, 150, 30, 30, 8); /* its blur, at three quarters of the light */
        g_object_unref(white);
        g_object_unref(story);
        plc_result_clear(&result);
}

static void equal_files_are_made_once(void)
{
        g_autoptr(GByteArray) bytes = save(make_noise(800, 600), ".jpg[Q=90]");
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        add_placement(plan, "one", 400, 0, PLC_FIT_INSIDE, PLC_FORMAT_WEBP);
        add_placement(plan, "two", 400, 0, PLC_FIT_INSIDE, PLC_FORMAT_WEBP);
        render(bytes, plan, &result);
        g_autoptr(GBytes) a = file_bytes(&result.made[0].files[0]);
        g_autoptr(GBytes) b = file_bytes(&result.made[1].files[0]);
        g_assert_true(g_bytes_equal(a, b));
        g_assert_cmpint(result.made[0].files[0].fd, !=, result.made[1].files[0].fd);
        plc_result_clear(&result);
}

static void the_note_is_in_every_file(void)
{
        static const enum plc_format formats[] = {PLC_FORMAT_JPEG, PLC_FORMAT_WEBP, PLC_FORMAT_PNG};
        g_autoptr(GByteArray) bytes = save(make_quarters(300, 200), ".png");
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        g_strlcpy(plan->note.credit, "Ann <& \"Bob\">\x01", sizeof plan->note.credit);
        g_strlcpy(plan->note.copyright, "\xC2\xA9 2026 Ann", sizeof plan->note.copyright);
        for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++)
                add_placement(plan, "p", 200, 0, PLC_FIT_INSIDE, formats[i]);
        render(bytes, plan, &result);
        for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
                g_autoptr(GBytes) file = file_bytes(&result.made[i].files[0]);
                gsize size;
                const void *data = g_bytes_get_data(file, &size);
                g_assert_nonnull(memmem(data, size,
                                        "<photoshop:Credit>Ann &lt;&amp; &quot;Bob&quot;&gt; </photoshop:Credit>", 70));
                g_autofree char *packet = plc_xmp_packet(&plan->note, "");
                g_assert_true(plc_media_check_clean(formats[i], data, size, false, packet, NULL, NULL));
                g_assert_false(plc_media_check_clean(formats[i], data, size, false, NULL, NULL, NULL));
        }
        plc_result_clear(&result);
}

static void no_note_no_packet(void)
{
        struct plc_rights_note note = {0};
        g_assert_null(plc_xmp_packet(&note, ""));
        g_autofree char *found = plc_xmp_packet(&note, "trainedAlgorithmicMedia");
        g_assert_nonnull(strstr(found, "digitalsourcetype/trainedAlgorithmicMedia<"));
}

/* --- byte limits
 * --------------------------------------------------------------------------------------------------------------- */

static void a_soft_limit_lowers_quality_and_keeps_the_file(void)
{
        g_autoptr(GByteArray) bytes = save(make_noise(600, 600), ".png");
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        add_placement(plan, "free", 600, 600, PLC_FIT_COVER, PLC_FORMAT_JPEG);
        render(bytes, plan, &result);
        int64_t free_size = (int64_t)result.made[0].files[0].bytes;
        plc_result_clear(&result);

        plan->placements[0].max_bytes = free_size * 7 / 10;
        render(bytes, plan, &result);
        const struct plc_made_file *file = &result.made[0].files[0];
        g_assert_cmpint((int64_t)file->bytes, <=, plan->placements[0].max_bytes);
        g_assert_cmpint((int64_t)file->bytes * 100, >=, plan->placements[0].max_bytes * 85);
        g_assert_cmpint(file->quality, <, 90);
        g_assert_cmpint(file->encodes, <=, 4);
        plc_result_clear(&result);

        plan->placements[0].max_bytes = 1000;
        render(bytes, plan, &result);
        g_assert_cmpuint(result.made[0].n_files, ==, 1);
        g_assert_cmpint(result.made[0].files[0].quality, ==, 60);
        plc_result_clear(&result);
}

static void a_hard_limit_takes_fewer_pixels_or_refuses(void)
{
        g_autoptr(GByteArray) bytes = save(make_noise(600, 600), ".png");
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        struct plc_placement *p = add_placement(plan, "hard", 600, 600, PLC_FIT_COVER, PLC_FORMAT_JPEG);
        p->max_bytes = 60000;
        p->max_bytes_hard = true;
        p->hard_min_w = p->hard_min_h = 200;
        render(bytes, plan, &result);
        g_assert_cmpint(result.made[0].verdict, ==, PLC_VERDICT_NATIVE);
        g_assert_cmpuint(result.made[0].files[0].bytes, <=, 60000);
        g_assert_cmpuint(result.made[0].files[0].width, >=, 200);
        g_assert_cmpuint(result.made[0].files[0].width, ==, result.made[0].files[0].height);
        plc_result_clear(&result);

        p->size_mode = PLC_SIZE_EXACT;
        render(bytes, plan, &result);
        g_assert_cmpint(result.made[0].verdict, ==, PLC_VERDICT_REFUSED);
        g_assert_cmpint(result.made[0].refusal, ==, PLC_REFUSAL_TOO_HEAVY);
        g_assert_cmpuint(result.made[0].n_files, ==, 0);
        plc_result_clear(&result);
}

/* --- odd shapes
 * ---------------------------------------------------------------------------------------------------------------- */

static void tiny_and_long_photos(void)
{
        static const struct {
                int w, h;
        } shapes[] = {{1, 1}, {2, 1}, {1, 700}, {3000, 2}, {33, 33}};
        for (unsigned i = 0; i < G_N_ELEMENTS(shapes); i++) {
                g_autoptr(GByteArray) bytes = save(make_noise(shapes[i].w, shapes[i].h), ".png");
                g_autofree struct plc_plan *plan = new_plan();
                struct plc_result result;
                add_placement(plan, "inside", 165, 0, PLC_FIT_INSIDE, PLC_FORMAT_WEBP);
                add_placement(plan, "cover", 40, 30, PLC_FIT_COVER, PLC_FORMAT_JPEG);
                add_placement(plan, "contain", 40, 30, PLC_FIT_CONTAIN, PLC_FORMAT_JPEG);
                add_placement(plan, "blur", 40, 30, PLC_FIT_PAD_BLUR, PLC_FORMAT_JPEG);
                render(bytes, plan, &result);
                for (unsigned m = 0; m < result.n_made; m++)
                        for (unsigned f = 0; f < result.made[m].n_files; f++)
                                g_object_unref(decode(&result.made[m].files[f]));
                g_assert_cmpuint(result.made[0].n_files, ==, 1);
                plc_result_clear(&result);
        }
}

static void the_marked_target_stays_in_the_crop(void)
{
        VipsImage *image = make_quarters(2000, 500);
        for (int y = 200; y < 300; y++)
                for (int x = 1700; x < 1800; x++)
                        memcpy((uint8_t *)pixel_at(image, x, y), "\xFF\xFF\0", 3);
        g_autoptr(GByteArray) bytes = save(image, ".png");
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        plan->has_focal = true;
        plan->focal_x = 0.875, plan->focal_y = 0.5;
        add_placement(plan, "square", 250, 250, PLC_FIT_COVER, PLC_FORMAT_PNG);
        render(bytes, plan, &result);
        g_assert_cmpuint(result.made[0].crop.x, ==, 1500);
        VipsImage *made = decode(&result.made[0].files[0]);
        assert_pixel(made, 0.5, 0.5, 255, 255, 0, 2);
        g_object_unref(made);
        plc_result_clear(&result);
}

/* --- what is not taken
 * ----------------------------------------------------------------------------------------------------------- */

/* A red box of these fractions on nothing, 800 × 800. */
static GByteArray *cut_out(double x, double y, double w, double h)
{
        enum { SIDE = 800 };
        uint8_t *pixels = g_malloc0((size_t)SIDE * SIDE * 4);
        VipsImage *image;

        for (int row = (int)(y * SIDE); row < (int)((y + h) * SIDE); row++)
                for (int column = (int)(x * SIDE); column < (int)((x + w) * SIDE); column++)
                        memcpy(pixels + ((size_t)row * SIDE + (size_t)column) * 4, "\xC8\x28\x28\xFF", 4);
        image = vips_image_new_from_memory_copy(pixels, (size_t)SIDE * SIDE * 4, SIDE, SIDE, 4, VIPS_FORMAT_UCHAR);
        g_free(pixels);
        image->Type = VIPS_INTERPRETATION_sRGB;
        return save(image, ".png");
}

static const struct {
        const char *sentence;
        double x, y, w, h; /* of what is opaque */
        enum plc_fit fallback;
        bool focal; /* declared, at the top left */
        enum plc_placement_verdict verdict;
        struct plc_rect crop; /* of the placement 2:1, 400 × 200 */
} cut_outs[] = {
        {"a cut-out that fits is in the crop, whole",
         0.3,
         0.55,
         0.3,
         0.4,
         PLC_FIT_REFUSE,
         false,
         PLC_VERDICT_OK,
         {0, 400, 800, 400}},
        {"one that is too high is shown whole",
         0.3,
         0.1,
         0.3,
         0.8,
         PLC_FIT_CONTAIN,
         false,
         PLC_VERDICT_OK,
         {0, 0, 800, 800}},
        {"one that is too high is refused where nothing else is left",
         0.3,
         0.1,
         0.3,
         0.8,
         PLC_FIT_REFUSE,
         false,
         PLC_VERDICT_REFUSED,
         {0, 200, 800, 400}},
        {"what was declared goes before it",
         0.3,
         0.1,
         0.3,
         0.8,
         PLC_FIT_CONTAIN,
         true,
         PLC_VERDICT_OK,
         {0, 0, 800, 400}},
};

static void check_cut_out(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        g_autoptr(GByteArray) bytes = cut_out(cut_outs[i].x, cut_outs[i].y, cut_outs[i].w, cut_outs[i].h);
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_placement *place = add_placement(plan, "hero", 400, 200, PLC_FIT_COVER, PLC_FORMAT_JPEG);
        struct plc_result result;
        const struct plc_made *made;

        place->fallback_fit = cut_outs[i].fallback;
        plan->has_focal = cut_outs[i].focal;
        plan->focal_x = plan->focal_y = 0.1;
        render(bytes, plan, &result);
        made = &result.made[0];
        g_assert_cmpstr(plc_placed_verdict_name(made->verdict), ==, plc_placed_verdict_name(cut_outs[i].verdict));
        if (made->verdict == PLC_VERDICT_REFUSED)
                g_assert_cmpint(made->refusal, ==, PLC_REFUSAL_FOCAL_OUTSIDE_SAFE);
        g_assert_cmpuint(made->crop.x, ==, cut_outs[i].crop.x);
        g_assert_cmpuint(made->crop.y, ==, cut_outs[i].crop.y);
        g_assert_cmpuint(made->crop.w, ==, cut_outs[i].crop.w);
        g_assert_cmpuint(made->crop.h, ==, cut_outs[i].crop.h);
        plc_result_clear(&result);
}

static void refused(const GByteArray *bytes, const struct plc_photo_limits *limits, plc_code code)
{
        g_autoptr(GError) error = NULL;
        struct plc_facts facts;
        plc_autofd int fd = photo_fd(bytes);
        g_assert_false(plc_media_examine(fd, limits, &facts, &error));
        g_test_message("%s", error->message);
        g_assert_cmpstr(plc_code_name(plc_error_code(error)), ==, plc_code_name(code));
}

static void limits_are_told_by_the_header(void)
{
        struct plc_photo_limits limits = usual_limits;
        g_autoptr(GByteArray) jpeg = save(make_quarters(400, 300), ".jpg");
        g_autoptr(GByteArray) progressive = save(make_quarters(400, 300), ".jpg[interlace]");
        limits.max_pixels = 400 * 300 - 1;
        refused(jpeg, &limits, PLC_E_TOO_LARGE);
        limits = usual_limits, limits.max_side = 399;
        refused(jpeg, &limits, PLC_E_TOO_LARGE);
        limits = usual_limits, limits.max_bytes = jpeg->len - 1;
        refused(jpeg, &limits, PLC_E_TOO_LARGE);

        /* 80 scans are refused at any size. */
        g_autoptr(GByteArray) scans = g_byte_array_new();
        g_byte_array_append(scans, progressive->data, progressive->len - 2);
        for (int i = 0; i < 70; i++)
                g_byte_array_append(scans, (const uint8_t *)"\xFF\xDA\0\x08\1\1\0\1\5\1\x55", 11);
        g_byte_array_append(scans, (const uint8_t *)"\xFF\xD9", 2);
        refused(scans, &usual_limits, PLC_E_TOO_LARGE);

        /* A header that says 16384 × 4076 pixels, 4:4:4: 400 MB of coefficients, refused before room is made for them.
         */
        uint8_t *sof = memmem(progressive->data, progressive->len, "\xFF\xC2", 2);
        memcpy(sof + 5, "\x0F\xEC\x40\0", 4);
        sof[11] = sof[14] = sof[17] = 0x11;
        refused(progressive, &(struct plc_photo_limits){40000000, 80000000, 30000, 100}, PLC_E_TOO_LARGE);
}

static void cut_short_is_unreadable(void)
{
        static const char *const suffixes[] = {".jpg",  ".jpg[interlace]", ".png", ".webp", ".tif",
                                               ".heic", ".avif[effort=0]", ".gif"};
        for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
                g_autoptr(GByteArray) bytes = save(make_noise(160, 120), suffixes[i]);
                g_byte_array_set_size(bytes, bytes->len * 2 / 3);
                g_test_message("%s", suffixes[i]);
                refused(bytes, &usual_limits, PLC_E_UNREADABLE);
        }
}

static void other_kinds_are_unsupported(void)
{
        static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
                          xpm[] = "/* XPM */ static char *x[] = {};";
        g_autoptr(GByteArray) a = g_byte_array_new();
        g_autoptr(GByteArray) b = g_byte_array_new();
        g_autoptr(GByteArray) c = g_byte_array_new();
        g_byte_array_append(a, (const uint8_t *)svg, sizeof svg);
        g_byte_array_append(b, (const uint8_t *)xpm, sizeof xpm);
        refused(a, &usual_limits, PLC_E_UNSUPPORTED);
        refused(b, &usual_limits, PLC_E_UNSUPPORTED);
        refused(c, &usual_limits, PLC_E_UNSUPPORTED);
}

/* --- what stood in the original
 * ---------------------------------------------------------------------------------------------------- */

static GByteArray *planted(const char *suffix)
{
        VipsImage *image = make_quarters(400, 300);
        static const char xmp[] = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>PLANTED<a "
                                  "Iptc4xmpExt:DigitalSourceType='http://cv.iptc.org/newscodes/"
                                  "digitalsourcetype/compositeWithTrainedAlgorithmicMedia'/></x:xmpmeta>";
        vips_image_set_string(image, "exif-ifd0-Make", "PLANTED (PLANTED, ASCII, 8 components, 8 bytes)");
        vips_image_set_string(image, "exif-ifd0-Model", "PLANTED9 (PLANTED9, ASCII, 9 components, 9 bytes)");
        vips_image_set_string(image, "exif-ifd2-DateTimeOriginal",
                              "2024:05:06 07:08:09 (2024:05:06 07:08:09, ASCII, 20 components, 20 bytes)");
        vips_image_set_string(image, "exif-ifd3-GPSLatitude",
                              "52/1 31/1 0/1 (52, 31,  0, Rational, 3 components, 24 bytes)");
        vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, xmp, sizeof xmp - 1);
        return save(image, suffix);
}

static void check_planted(const char *suffix, uint32_t expected)
{
        g_autoptr(GByteArray) bytes = planted(suffix);
        if (strcmp(suffix, ".jpg") == 0) { /* a comment, Photoshop's block, and a tail as motion photos have it */
                static const char segments[] = "\xFF\xFE\0\x09PLANTED\xFF\xED\0\x09PLANTED";
                GByteArray *longer = g_byte_array_new();
                g_byte_array_append(longer, bytes->data, 2);
                g_byte_array_append(longer, (const uint8_t *)segments, sizeof segments - 1);
                g_byte_array_append(longer, bytes->data + 2, bytes->len - 2);
                g_byte_array_append(longer, (const uint8_t *)"PLANTED", 7);
                g_byte_array_unref(bytes);
                bytes = longer;
                expected |= PLC_REMOVED_COMMENT | PLC_REMOVED_IPTC | PLC_REMOVED_TRAILER;
        }
        g_assert_nonnull(memmem(bytes->data, bytes->len, "PLANTED", 7));
        static const enum plc_format formats[] = {PLC_FORMAT_JPEG, PLC_FORMAT_WEBP, PLC_FORMAT_PNG, PLC_FORMAT_AVIF};
        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++)
                add_placement(plan, "p", 200, 0, PLC_FIT_INSIDE, formats[i]);
        render(bytes, plan, &result);
        g_test_message("%s: removed %x", suffix, result.facts.removed);
        g_assert_cmphex(result.facts.removed & expected, ==, expected);
        g_assert_cmpstr(result.facts.camera, ==, "PLANTED PLANTED9");
        g_assert_cmpint(result.facts.taken_at, ==, INT64_C(1714979289000));
        g_assert_false(result.facts.taken_zoned); /* the camera wrote no offset: it is its clock */
        g_assert_cmpstr(result.facts.digital_source_type, ==, "compositeWithTrainedAlgorithmicMedia");
        for (unsigned m = 0; m < result.n_made; m++) {
                g_autoptr(GBytes) file = file_bytes(&result.made[m].files[0]);
                gsize size;
                const void *data = g_bytes_get_data(file, &size);
                g_assert_null(memmem(data, size, "PLANTED", 7));
                g_assert_null(memmem(data, size, "Exif", 4));
                /* the mark of a machine is kept */
                g_assert_nonnull(memmem(data, size, "digitalsourcetype/compositeWithTrainedAlgorithmicMedia<", 55));
        }
        plc_result_clear(&result);
}

static void nothing_planted_comes_through(void)
{
        static const char *const suffixes[] = {".jpg", ".webp", ".heic", ".avif[effort=0]"};
        for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++)
                check_planted(suffixes[i], PLC_REMOVED_EXIF | PLC_REMOVED_CAMERA | PLC_REMOVED_GPS | PLC_REMOVED_XMP);
}

/* PNG's own places for such things, written by hand: libvips would hide them in compressed text. */
static void nothing_planted_in_png_comes_through(void)
{
        static const char chunks[][64] = {"eXIfMM\0*\0\0\0\x08\0\1\1\x0F\0\2\0\0\0\x08\0\0\0\x1A\0\0\0\0PLANTED",
                                          "tEXtComment\0PLANTED", "iTXtXML:com.adobe.xmp\0\0\0\0\0PLANTED",
                                          "caBXPLANTED"};
        static const size_t sizes[] = {4 + 26 + 8, 4 + 15, 4 + 22 + 7, 4 + 7};
        g_autoptr(GByteArray) plain = save(make_quarters(400, 300), ".png");
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        uint8_t number[4];
        g_byte_array_append(bytes, plain->data, 33);
        for (unsigned i = 0; i < G_N_ELEMENTS(chunks); i++) {
                plc_put_be32(number, (uint32_t)sizes[i] - 4);
                g_byte_array_append(bytes, number, 4);
                g_byte_array_append(bytes, (const uint8_t *)chunks[i], (guint)sizes[i]);
                plc_put_be32(number, plc_png_crc((const uint8_t *)chunks[i], sizes[i]));
                g_byte_array_append(bytes, number, 4);
        }
        g_byte_array_append(bytes, plain->data + 33, plain->len - 33);
        g_byte_array_append(bytes, (const uint8_t *)"PLANTED", 7);

        g_autofree struct plc_plan *plan = new_plan();
        struct plc_result result;
        add_placement(plan, "p", 200, 0, PLC_FIT_INSIDE, PLC_FORMAT_PNG);
        render(bytes, plan, &result);
        g_assert_cmphex(result.facts.removed, ==,
                        PLC_REMOVED_EXIF | PLC_REMOVED_CAMERA | PLC_REMOVED_XMP | PLC_REMOVED_COMMENT |
                                PLC_REMOVED_C2PA | PLC_REMOVED_TRAILER);
        g_assert_cmpstr(result.facts.camera, ==, "PLANTED");
        g_autoptr(GBytes) file = file_bytes(&result.made[0].files[0]);
        gsize size;
        const void *data = g_bytes_get_data(file, &size);
        g_assert_null(memmem(data, size, "PLANTED", 7));
        plc_result_clear(&result);
}

static bool avif_clean(const GByteArray *bytes, size_t size)
{
        g_autofree uint8_t *exact = g_memdup2(bytes->data, size);
        return plc_media_check_clean(PLC_FORMAT_AVIF, exact, size, false, NULL, NULL, NULL);
}

static void an_avif_holds_its_picture_alone(void)
{
        static const char *const tails[] = {"\0\0\0\x08"
                                            "free",
                                            "\0\0\0\x08"
                                            "uuid",
                                            "\0\0\0\x08"
                                            "moov",
                                            "\0\0\0\x08"
                                            "mdat",
                                            "PLANTED!"};
        g_autoptr(GByteArray) with_exif = planted(".avif[effort=0]");
        g_autoptr(GByteArray) bytes = save(make_noise(64, 48), ".avif[effort=0,strip]");
        g_assert_false(avif_clean(with_exif, with_exif->len));
        g_assert_true(avif_clean(bytes, bytes->len));
        for (size_t n = 0; n < bytes->len; n++)
                g_assert_false(avif_clean(bytes, n));
        for (unsigned i = 0; i < G_N_ELEMENTS(tails); i++) {
                g_byte_array_append(bytes, (const uint8_t *)tails[i], 8);
                g_assert_false(avif_clean(bytes, bytes->len));
                g_byte_array_set_size(bytes, bytes->len - 8);
        }
        uint8_t *type = memmem(bytes->data, bytes->len, "infe", 4);
        memcpy(type + 12, "Exif", 4);
        g_assert_false(avif_clean(bytes, bytes->len));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media();
        g_test_add_func("/render/one decode, many sizes, exact and sealed", one_decode_many_sizes);
        g_test_add_func("/render/equal files are made once", equal_files_are_made_once);
        g_test_add_func("/render/the note is in every file", the_note_is_in_every_file);
        g_test_add_func("/render/no note, no packet, but an AI tag is kept", no_note_no_packet);
        g_test_add_func("/render/a soft limit lowers quality and keeps the file",
                        a_soft_limit_lowers_quality_and_keeps_the_file);
        g_test_add_func("/render/a hard limit takes fewer pixels or refuses",
                        a_hard_limit_takes_fewer_pixels_or_refuses);
        g_test_add_func("/render/tiny and long photos", tiny_and_long_photos);
        g_test_add_func("/render/the marked target stays in the crop", the_marked_target_stays_in_the_crop);
        g_test_add_func("/render/limits are told by the header", limits_are_told_by_the_header);
        g_test_add_func("/render/cut short is unreadable", cut_short_is_unreadable);
        g_test_add_func("/render/other kinds are unsupported", other_kinds_are_unsupported);
        g_test_add_func("/render/nothing planted comes through", nothing_planted_comes_through);
        g_test_add_func("/render/nothing planted in a PNG comes through", nothing_planted_in_png_comes_through);
        g_test_add_func("/render/an AVIF holds its picture alone", an_avif_holds_its_picture_alone);
        for (size_t i = 0; i < G_N_ELEMENTS(cut_outs); i++) {
                g_autofree char *path = g_strdup_printf("/render/%s", cut_outs[i].sentence);

                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_cut_out);
        }
        return g_test_run();
}
