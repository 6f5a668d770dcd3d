/* Do other people's readers find in our files what we wrote, all of it and nothing else? exiftool and exiv2, where they
 * are installed. */
#include "media/xmp.h"
#include "photos.h"

static const struct plc_rights_note note = {
        .credit = "Zoë <& \"Łukasz\"> 山田",
        .copyright = "© 2026 Shop & Co",
        .usage_terms = "Only with the shop's consent.",
        .web_statement = "https://shop.example/licence?a=1&b=2",
        .licensor_url = "https://shop.example/ask",
        .data_mining = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
        .digital_source_type = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
        .disclosure = "Received the product for free",
};

/* Each field, by the name that the reader has for it. */
static const struct {
        const char *exiftool, *exiv2, *value;
} fields[] = {
        {"XMP-dc:Creator", "Xmp.dc.creator", "Zoë <& \"Łukasz\"> 山田"},
        {"XMP-photoshop:Credit", "Xmp.photoshop.Credit", "Zoë <& \"Łukasz\"> 山田"},
        {"XMP-dc:Rights", "Xmp.dc.rights", "© 2026 Shop & Co"},
        {"XMP-xmpRights:Marked", "Xmp.xmpRights.Marked", "True"},
        {"XMP-xmpRights:UsageTerms", "Xmp.xmpRights.UsageTerms",
         "Only with the shop's consent. Received the product for free"},
        {"XMP-xmpRights:WebStatement", "Xmp.xmpRights.WebStatement", "https://shop.example/licence?a=1&b=2"},
        {"XMP-plus:LicensorURL", "Xmp.plus.Licensor[1]/plus:LicensorURL", "https://shop.example/ask"},
        {"XMP-plus:DataMining", "Xmp.plus.DataMining", "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED"},
        {"XMP-iptcExt:DigitalSourceType", "Xmp.iptcExt.DigitalSourceType",
         "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"},
};

static const struct {
        enum plc_format format;
        bool exiv2_reads; /* 0.27 reads no AVIF */
        bool alpha;
} written[] = {
        {PLC_FORMAT_JPEG, true, false},  {PLC_FORMAT_WEBP, true, false}, {PLC_FORMAT_PNG, true, false},
        {PLC_FORMAT_AVIF, false, false}, {PLC_FORMAT_WEBP, true, true},  {PLC_FORMAT_PNG, true, true},
        {PLC_FORMAT_AVIF, false, true},
};

static char *folder;

static char *path_of(unsigned i)
{
        return g_strdup_printf("%s/%u.%s", folder, i, plc_format_extension(written[i].format));
}

static bool avif_can_be_written(void)
{
        return vips_type_find("VipsForeignSave", "heifsave_buffer") != 0;
}

static GByteArray *photo(bool alpha)
{
        VipsImage *rgb = make_quarters(320, 200), *out = NULL;
        if (!alpha)
                return save(rgb, ".png");
        VipsImage *veil = vips_image_new_from_image1(rgb, 100);
        g_assert_cmpint(vips_bandjoin2(rgb, veil, &out, NULL), ==, 0);
        g_object_unref(veil);
        g_object_unref(rgb);
        VipsImage *bytes = NULL;
        g_assert_cmpint(vips_cast(out, &bytes, VIPS_FORMAT_UCHAR, NULL), ==, 0);
        g_object_unref(out);
        return save(bytes, ".png");
}

static void write_all(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
                g_autoptr(GByteArray) bytes = photo(written[i].alpha);
                g_autofree struct plc_plan *plan = new_plan();
                struct plc_result result;
                plan->note = note;
                add_placement(plan, "p", 200, 0, PLC_FIT_INSIDE, written[i].format);
                render(bytes, plan, &result);
                const struct plc_made_file *file = &result.made[0].files[0];
                uint32_t expected = PLC_HOLDS_PICTURE | PLC_HOLDS_XMP | (written[i].alpha ? PLC_HOLDS_ALPHA : 0U) |
                                    (written[i].format == PLC_FORMAT_AVIF ? PLC_HOLDS_NCLX : 0U);
                g_assert_cmphex(file->holds, ==, expected);
                g_object_unref(decode(file)); /* it is still a picture, of its size */
                g_autoptr(GBytes) data = file_bytes(file);
                g_autofree char *path = path_of(i);
                g_assert_true(g_file_set_contents(path, g_bytes_get_data(data, NULL), (gssize)file->bytes, NULL));
                plc_result_clear(&result);
        }
}

/* The reader's output; NULL (and the test is skipped) where it is not installed. */
static char *run(const char *const *argv, const char *package)
{
        g_autoptr(GError) error = NULL;
        char *out = NULL;
        int status = -1;
        if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                          NULL, &status, &error)) {
                g_assert_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
                g_test_skip(package);
                return NULL;
        }
        g_assert_cmpint(status, ==, 0);
        return out;
}

/* "[XMP-dc]  Rights  : ©": the value, if the line is of this group and tag. */
static const char *value_of(const char *line, const char *group_and_tag)
{
        g_auto(GStrv) names = g_strsplit(group_and_tag, ":", 2);
        size_t group = strlen(names[0]), tag = strlen(names[1]);
        if (line[0] != '[' || strncmp(line + 1, names[0], group) != 0 || line[group + 1] != ']')
                return NULL;
        const char *at = line + group + 2 + strspn(line + group + 2, " ");
        if (strncmp(at, names[1], tag) != 0 || (at[tag] != ' ' && at[tag] != ':'))
                return NULL;
        return strstr(at, ": ") + 2;
}

static bool is_structure(const char *line)
{
        static const char *const groups[] = {"[RIFF]", "[PNG]", "[QuickTime]", "[Meta]", "[ItemList]"};
        for (unsigned i = 0; i < G_N_ELEMENTS(groups); i++)
                if (g_str_has_prefix(line, groups[i]))
                        return true;
        return false;
}

/* All that it can name is one of the fields, once, or structure; and it has nothing to warn of. */
static void exiftool_reads_every_field_and_nothing_else(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
                g_autofree char *path = path_of(i);
                const char *argv[] = {
                        "exiftool", "-n", "-s", "-G1", "-a", "-u", "--File:all", "--ExifTool:all", "--Composite:all",

                        path,       NULL};
                g_autofree char *found = run(argv, "exiftool is not installed (libimage-exiftool-perl)");
                if (found == NULL)
                        return;
                g_auto(GStrv) lines = g_strsplit(found, "\n", -1);
                unsigned seen = 0;
                for (char **line = lines; *line != NULL && **line != '\0'; line++) {
                        unsigned f = 0;
                        g_test_message("%u: %s", i, *line);
                        if (is_structure(*line))
                                continue;
                        while (f < G_N_ELEMENTS(fields) && value_of(*line, fields[f].exiftool) == NULL)
                                f++;
                        g_assert_cmpuint(f, <, G_N_ELEMENTS(fields));
                        g_assert_cmpstr(value_of(*line, fields[f].exiftool), ==, fields[f].value);
                        g_assert_cmpuint(seen & (1U << f), ==, 0);
                        seen |= 1U << f;
                }
                g_assert_cmphex(seen, ==, (1U << G_N_ELEMENTS(fields)) - 1);
        }
}

/* exiv2 prints a language before the text of an alternative. */
static const char *without_language(const char *text)
{
        return g_str_has_prefix(text, "lang=\"x-default\" ") ? text + strlen("lang=\"x-default\" ") : text;
}

static void exiv2_reads_every_field(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
                g_autofree char *path = path_of(i);
                const char *argv[] = {"exiv2", "-PXkv", path, NULL};
                if (!written[i].exiv2_reads)
                        continue;
                g_autofree char *found = run(argv, "exiv2 is not installed");
                if (found == NULL)
                        return;
                g_auto(GStrv) lines = g_strsplit(found, "\n", -1);
                for (unsigned f = 0; f < G_N_ELEMENTS(fields); f++) {
                        const char *value = NULL;
                        for (char **line = lines; *line != NULL; line++) {
                                size_t n = strlen(fields[f].exiv2);
                                if (strncmp(*line, fields[f].exiv2, n) == 0 && (*line)[n] == ' ')
                                        value = without_language(g_strchug(*line + n));
                        }
                        g_test_message("%s: %s", path, fields[f].exiv2);
                        g_assert_cmpstr(value, ==, fields[f].value);
                }
        }
}

/* One changed letter of it, or any packet where none was meant to be: not a file of ours. */
static void only_our_packet_is_clean(void)
{
        g_autofree char *packet = plc_xmp_packet(&note, "");
        for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
                enum plc_format format = written[i].format;
                g_autofree char *path = path_of(i);
                g_autofree char *bytes = NULL;
                gsize size;
                g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
                const uint8_t *file = (const uint8_t *)bytes;
                g_assert_true(plc_media_check_clean(format, file, size, false, packet, NULL, NULL));
                g_assert_false(plc_media_check_clean(format, file, size, false, NULL, NULL, NULL));
                char *at = memmem(bytes, size, "shop.example", 12);
                at[0] = 'S';
                g_assert_false(plc_media_check_clean(format, file, size, false, packet, NULL, NULL));
        }
}

static void remove_folder(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
                g_autofree char *path = path_of(i);
                g_assert_cmpint(unlink(path), ==, 0);
        }
        g_assert_cmpint(rmdir(folder), ==, 0);
        g_free(folder);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        start_media();
        g_assert_true(avif_can_be_written());
        folder = g_dir_make_tmp("placet-xmp-XXXXXX", NULL);
        write_all();
        g_test_add_func("/xmp/exiftool reads every field in every format, and nothing else",
                        exiftool_reads_every_field_and_nothing_else);
        g_test_add_func("/xmp/exiv2 reads every field in every format it knows", exiv2_reads_every_field);
        g_test_add_func("/xmp/only our packet is clean", only_our_packet_is_clean);
        int failed = g_test_run();
        remove_folder();
        return failed;
}
