/* What is told to have been removed? Small JPEG files by hand, each with one thing that is somebody's. */
#include "media/removed.h"

#include <glib.h>
#include <string.h>

#define XMP "http://ns.adobe.com/xap/1.0/\0"

static const struct {
        const char *sentence;
        uint8_t marker; /* of the segment; 0: the bytes stand behind the end */
        const char *bytes;
        size_t size;
        uint32_t removed;
} rows[] = {
#define S(literal) literal, sizeof(literal) - 1
        {"a comment", 0xFE, S("by Ann"), PLC_REMOVED_COMMENT},
        {"Photoshop's block with IPTC", 0xED, S("Photoshop 3.0\0"), PLC_REMOVED_IPTC},
        {"a colour profile", 0xE2, S("ICC_PROFILE\0\1\1"), PLC_REMOVED_ICC},
        {"an index of second images", 0xE2, S("MPF\0"), PLC_REMOVED_MPF},
        {"content credentials", 0xEB, S("JP\0\1"), PLC_REMOVED_C2PA},
        {"bytes behind the end", 0, S("x"), PLC_REMOVED_TRAILER},
        {"a second picture behind the end", 0, S("\xFF\xD8\xFF\xE0\0"), PLC_REMOVED_TRAILER | PLC_REMOVED_MPF},
        {"a motion photo's video", 0,
         S("\0\0\0\x18"
           "ftypmp42"),
         PLC_REMOVED_TRAILER | PLC_REMOVED_VIDEO},
        {"a position in XMP", 0xE1, S(XMP "<exif:GPSLatitude>52,31N<"), PLC_REMOVED_XMP | PLC_REMOVED_GPS},
        {"an editor's history", 0xE1, S(XMP "<xmpMM:History><rdf:Seq>"), PLC_REMOVED_XMP | PLC_REMOVED_HISTORY},
        {"an editor's settings", 0xE1, S(XMP "crs:Exposure2012=\"+1\""), PLC_REMOVED_XMP | PLC_REMOVED_HISTORY},
        {"whose face is where", 0xE1, S(XMP "<mwg-rs:Regions>"), PLC_REMOVED_XMP | PLC_REMOVED_PEOPLE},
        {"who is in the picture", 0xE1, S(XMP "<Iptc4xmpExt:PersonInImage>"), PLC_REMOVED_XMP | PLC_REMOVED_PEOPLE},
        {"a serial number in XMP", 0xE1, S(XMP "aux:SerialNumber=\"1\""), PLC_REMOVED_XMP | PLC_REMOVED_SERIAL},
        {"a preview in XMP", 0xE1, S(XMP "<xmpGImg:image>"), PLC_REMOVED_XMP | PLC_REMOVED_THUMBNAIL},
        {"the capture time in XMP", 0xE1, S(XMP "exif:DateTimeOriginal="), PLC_REMOVED_XMP | PLC_REMOVED_TIME},
        {"a gain map's terms", 0xE1, S(XMP "hdrgm:Version=\"1.0\""), PLC_REMOVED_XMP | PLC_REMOVED_MPF},
        {"a word that only looks like one", 0xE1, S(XMP "<dc:title>crs</dc:title>"), PLC_REMOVED_XMP},
};

static void check(gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);
        g_autoptr(GByteArray) file = g_byte_array_new();
        const uint8_t head[] = {0xFF, 0xD8, 0xFF, rows[i].marker, 0, (uint8_t)(rows[i].size + 2)};
        g_byte_array_append(file, head, rows[i].marker != 0 ? sizeof head : 2);
        if (rows[i].marker != 0)
                g_byte_array_append(file, (const uint8_t *)rows[i].bytes, (guint)rows[i].size);
        g_byte_array_append(file, (const uint8_t *)"\xFF\xDA\0\x08\1\1\0\0\x3F\0\x12\xFF\xD9", 13);
        if (rows[i].marker == 0)
                g_byte_array_append(file, (const uint8_t *)rows[i].bytes, (guint)rows[i].size);

        g_autofree uint8_t *exact = g_memdup2(file->data, file->len);
        struct plc_container container;
        struct plc_facts facts = {0};
        plc_container_read(PLC_FORMAT_JPEG, exact, file->len, &container);
        plc_removed_read(&container, &facts);
        g_assert_cmphex(facts.removed, ==, rows[i].removed);
        for (unsigned bit = 0; bit < PLC_REMOVED_COUNT_; bit++) {
                g_assert_cmpstr(plc_removed_name(bit), !=, NULL);
                g_assert_cmpstr(plc_removed_sentence(bit), !=, NULL);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/removed/%s", rows[i].sentence);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), check);
        }
        return g_test_run();
}
