/* What of a person and a camera stood in the original? EXIF by libexif, the AI tag by its vocabulary's address in XMP
 * and C2PA. */
#include "media/removed.h"

#include "base/clock.h"
#include <glib.h>
#include <libexif/exif-data.h>
#include <libexif/exif-utils.h>
#include <stdio.h>
#include <string.h>

#define MAX_EXIF ((size_t)1024 * 1024)         /* JPEG holds 64 KiB at most; HEIC with a big maker note under 100 KiB */
#define MAX_SEARCHED ((size_t)4 * 1024 * 1024) /* of an XMP packet or a C2PA store */

/* By number: the older headers of libexif lack names for some. */
static const ExifTag serial_tags[] = {
        (ExifTag)0xA430, /* CameraOwnerName */
        (ExifTag)0xA431, /* BodySerialNumber */
        (ExifTag)0xA435, /* LensSerialNumber */
        (ExifTag)0xA420, /* ImageUniqueID */
        (ExifTag)0xC62F, /* CameraSerialNumber (DNG) */
        (ExifTag)0x013B, /* Artist */
};

static ExifData *load_exif(const uint8_t *exif, size_t size)
{
        static const char header[] = {'E', 'x', 'i', 'f', 0, 0};
        if (exif == NULL || size < 8)
                return NULL;
        size = MIN(size, MAX_EXIF);
        g_autofree uint8_t *prefixed = g_malloc(size + sizeof header);
        memcpy(prefixed, header, sizeof header);
        memcpy(prefixed + sizeof header, exif, size);
        ExifData *data = exif_data_new();
        exif_data_unset_option(
                data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION); /* it would repair, that is: change, what is there */
        exif_data_load_data(data, prefixed, (unsigned)(size + sizeof header));
        return data;
}

static ExifEntry *find(ExifData *data, ExifTag tag)
{
        for (int ifd = 0; ifd < EXIF_IFD_COUNT; ifd++) {
                if (ifd == EXIF_IFD_GPS) /* numbers there mean other things */
                        continue;
                ExifEntry *entry = exif_content_get_entry(data->ifd[ifd], tag);
                if (entry != NULL && entry->data != NULL && entry->size > 0)
                        return entry;
        }
        return NULL;
}

/* Printable ASCII, without spaces at its end. */
static void copy_text(const ExifEntry *entry, char *out, size_t size)
{
        size_t n = 0;
        for (unsigned i = 0; entry != NULL && i < entry->size && entry->data[i] != 0 && n + 1 < size; i++)
                out[n++] = (char)(entry->data[i] >= ' ' && entry->data[i] < 0x7F ? entry->data[i] : '?');
        while (n > 0 && out[n - 1] == ' ')
                n--;
        out[n] = '\0';
}

unsigned plc_exif_orientation(const uint8_t *exif, size_t size)
{
        ExifData *data = load_exif(exif, size);
        if (data == NULL)
                return 1;
        ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
        unsigned value = 1;
        if (entry != NULL && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
                value = exif_get_short(entry->data, exif_data_get_byte_order(data));
        exif_data_unref(data);
        return value >= 1 && value <= 8 ? value : 1;
}

/* "2024:05:06 07:08:09" and, where written, OffsetTimeOriginal "+02:00"; without it nobody knows where the clock was.
 */
static int64_t read_taken_at(ExifData *data, bool *out_zoned)
{
        char text[32], offset[16], rfc3339[64];
        int64_t ms = 0;
        copy_text(find(data, EXIF_TAG_DATE_TIME_ORIGINAL), text, sizeof text);
        copy_text(find(data, (ExifTag)0x9011), offset, sizeof offset);
        if (strlen(text) != 19)
                return 0;
        text[4] = text[7] = '-';
        text[10] = 'T';
        bool has_offset = strlen(offset) == 6 && (offset[0] == '+' || offset[0] == '-');
        snprintf(rfc3339, sizeof rfc3339, "%s%s", text, has_offset ? offset : "Z");
        *out_zoned = has_offset;
        return plc_time_parse_rfc3339(rfc3339, &ms) ? ms : 0;
}

static void read_exif(ExifData *data, struct plc_facts *facts)
{
        char make[40], model[50];

        if (data->ifd[EXIF_IFD_GPS]->count > 0)
                facts->removed |= PLC_REMOVED_GPS;
        if (find(data, EXIF_TAG_MAKER_NOTE) != NULL)
                facts->removed |= PLC_REMOVED_MAKERNOTE;
        if (data->size > 0)
                facts->removed |= PLC_REMOVED_THUMBNAIL;
        for (unsigned i = 0; i < G_N_ELEMENTS(serial_tags); i++)
                if (find(data, serial_tags[i]) != NULL)
                        facts->removed |= PLC_REMOVED_SERIAL;
        if (find(data, (ExifTag)0x02BC) != NULL)
                facts->removed |= PLC_REMOVED_XMP;
        copy_text(find(data, EXIF_TAG_MAKE), make, sizeof make);
        copy_text(find(data, EXIF_TAG_MODEL), model, sizeof model);
        if (make[0] != '\0' || model[0] != '\0') {
                facts->removed |= PLC_REMOVED_CAMERA;
                snprintf(facts->camera, sizeof facts->camera, "%s%s%s", make,
                         make[0] != '\0' && model[0] != '\0' ? " " : "", model);
        }
        if (find(data, EXIF_TAG_DATE_TIME_ORIGINAL) != NULL || find(data, EXIF_TAG_DATE_TIME) != NULL ||
            find(data, EXIF_TAG_DATE_TIME_DIGITIZED) != NULL)
                facts->removed |= PLC_REMOVED_TIME;
        facts->taken_at = read_taken_at(data, &facts->taken_zoned);
}

/* Property names say enough: what they hold is not read. Whoever writes XMP may choose other prefixes, but nobody does.
 */
static const struct {
        const char *property;
        uint32_t means;
} xmp_properties[] = {
        {"GPSLatitude", PLC_REMOVED_GPS},
        {"SerialNumber", PLC_REMOVED_SERIAL},
        {"OwnerName", PLC_REMOVED_SERIAL},
        {"DateTimeOriginal", PLC_REMOVED_TIME},
        {"photoshop:DateCreated", PLC_REMOVED_TIME},
        {"xmp:CreateDate", PLC_REMOVED_TIME},
        {"xmpMM:History", PLC_REMOVED_HISTORY},
        {"photoshop:History", PLC_REMOVED_HISTORY},
        {"crs:", PLC_REMOVED_HISTORY},
        {"mwg-rs:", PLC_REMOVED_PEOPLE},
        {"MPReg:", PLC_REMOVED_PEOPLE},
        {"PersonInImage", PLC_REMOVED_PEOPLE},
        {"xmpGImg:", PLC_REMOVED_THUMBNAIL},
        {"MotionPhoto", PLC_REMOVED_VIDEO},
        {"MicroVideo", PLC_REMOVED_VIDEO},
        {"GAudio:", PLC_REMOVED_VIDEO},
        {"hdrgm:", PLC_REMOVED_MPF},
        {"GDepth:", PLC_REMOVED_MPF},
        {"GImage:", PLC_REMOVED_MPF},
};

static uint32_t read_xmp(const uint8_t *xmp, size_t size)
{
        uint32_t found = 0;

        if (xmp == NULL)
                return 0;
        size = MIN(size, MAX_SEARCHED);
        for (unsigned i = 0; i < G_N_ELEMENTS(xmp_properties); i++)
                if (memmem(xmp, size, xmp_properties[i].property, strlen(xmp_properties[i].property)) != NULL)
                        found |= xmp_properties[i].means;
        return found;
}

/* IPTC NewsCodes write it as http://cv.iptc.org/newscodes/digitalsourcetype/TERM, in XMP as in C2PA actions. */
static bool find_source_type(const uint8_t *bytes, size_t size, char *out, size_t out_size)
{
        static const char address[] = "newscodes/digitalsourcetype/";
        if (bytes == NULL)
                return false;
        size = MIN(size, MAX_SEARCHED);
        const char *hit = memmem(bytes, size, address, sizeof address - 1);
        if (hit == NULL)
                return false;
        const char *end = (const char *)bytes + size;
        size_t n = 0;
        for (hit += sizeof address - 1; hit < end && g_ascii_isalpha(*hit) && n + 1 < out_size; hit++)
                out[n++] = *hit;
        out[n] = '\0';
        return n > 0;
}

void plc_removed_read(const struct plc_container *container, struct plc_facts *facts)
{
        facts->removed = container->found | read_xmp(container->xmp, container->xmp_size);
        ExifData *data = load_exif(container->exif, container->exif_size);
        if (data != NULL) {
                read_exif(data, facts);
                exif_data_unref(data);
        }
        if (!find_source_type(container->xmp, container->xmp_size, facts->digital_source_type,
                              sizeof facts->digital_source_type))
                find_source_type(container->c2pa, container->c2pa_size, facts->digital_source_type,
                                 sizeof facts->digital_source_type);
}
