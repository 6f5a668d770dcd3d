/* How is a zip written? Entry after entry, then a list of them all, in the wide form (Zip64) only where the narrow one
 * has no room. */
#include "pack/zip.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define NAME_BYTES 1024
#define PIECE ((size_t)256 * 1024)
#define NARROW16 0xffffu     /* stands for "see the wide form" */
#define NARROW32 0xffffffffu /* likewise */
#define UTF8_NAMES 0x0800
#define STORED 0
#define NEEDS_NARROW 20
#define NEEDS_WIDE 45
#define MADE_ON_UNIX (3u << 8 | NEEDS_WIDE)
#define FILE_0600 ((uint32_t)0100600 << 16)

struct plc_zip {
        int fd;
        uint16_t dos_time, dos_date;
        uint32_t crc_table[256];
        uint64_t at;     /* bytes written */
        uint64_t count;  /* of entries */
        GByteArray *end; /* the list of entries, so far */
};

static void put(GByteArray *out, uint64_t value, unsigned bytes)
{
        for (unsigned i = 0; i < bytes; i++) {
                uint8_t byte = (uint8_t)(value >> (8 * i));

                g_byte_array_append(out, &byte, 1);
        }
}

/* CRC-32 of ISO 3309, reflected, as the format asks for. */
static void make_table(uint32_t table[256])
{
        for (uint32_t i = 0; i < 256; i++) {
                uint32_t value = i;

                for (int bit = 0; bit < 8; bit++)
                        value = (value & 1) != 0 ? value >> 1 ^ 0xedb88320u : value >> 1;
                table[i] = value;
        }
}

static uint32_t crc(const plc_zip *zip, uint32_t sum, const uint8_t *data, size_t size)
{
        sum = ~sum;
        for (size_t i = 0; i < size; i++)
                sum = zip->crc_table[(sum ^ data[i]) & 0xff] ^ sum >> 8;
        return ~sum;
}

plc_zip *plc_zip_new(int fd, int64_t at_ms)
{
        plc_zip *zip = g_new0(plc_zip, 1);
        time_t seconds = (time_t)(at_ms / 1000);
        struct tm tm;

        zip->fd = fd;
        zip->end = g_byte_array_new();
        make_table(zip->crc_table);
        if (gmtime_r(&seconds, &tm) != NULL && tm.tm_year >= 80) {
                zip->dos_time = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
                zip->dos_date = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
        }
        return zip;
}

void plc_zip_free(plc_zip *zip)
{
        if (zip == NULL)
                return;
        g_byte_array_unref(zip->end);
        g_free(zip);
}

static bool write_out(plc_zip *zip, const void *data, size_t size, GError **error)
{
        if (!plc_write_all(zip->fd, data, size, error))
                return false;
        zip->at += size;
        return true;
}

/* What both the entry's own head and its line in the list say. */
static void put_facts(const plc_zip *zip, GByteArray *out, uint32_t sum, uint64_t size, size_t name)
{
        put(out, UTF8_NAMES, 2);
        put(out, STORED, 2);
        put(out, zip->dos_time, 2);
        put(out, zip->dos_date, 2);
        put(out, sum, 4);
        put(out, size, 4);
        put(out, size, 4);
        put(out, name, 2);
}

static void list_entry(plc_zip *zip, const char *name, uint32_t sum, uint64_t size, uint64_t offset)
{
        bool wide = offset >= NARROW32;

        put(zip->end, 0x02014b50, 4);
        put(zip->end, MADE_ON_UNIX, 2);
        put(zip->end, wide ? NEEDS_WIDE : NEEDS_NARROW, 2);
        put_facts(zip, zip->end, sum, size, strlen(name));
        put(zip->end, wide ? 12 : 0, 2);
        put(zip->end, 0, 2); /* no comment */
        put(zip->end, 0, 2); /* on this disk */
        put(zip->end, 0, 2);
        put(zip->end, FILE_0600, 4);
        put(zip->end, wide ? NARROW32 : offset, 4);
        g_byte_array_append(zip->end, (const uint8_t *)name, (guint)strlen(name));
        if (wide) {
                put(zip->end, 1, 2);
                put(zip->end, 8, 2);
                put(zip->end, offset, 8);
        }
        zip->count++;
}

/* The entry's head; its bytes follow. */
static bool begin_entry(plc_zip *zip, const char *name, uint32_t sum, uint64_t size, GError **error)
{
        g_autoptr(GByteArray) head = g_byte_array_new();

        if (name[0] == '\0' || strlen(name) > NAME_BYTES || !g_utf8_validate(name, -1, NULL))
                return plc_fail(error, PLC_E_BAD_VALUE, "a name that a zip cannot hold");
        if (size >= NARROW32)
                return plc_fail(error, PLC_E_TOO_BIG, "more than 4 GiB in one file of a zip");
        list_entry(zip, name, sum, size, zip->at);
        put(head, 0x04034b50, 4);
        put(head, NEEDS_NARROW, 2);
        put_facts(zip, head, sum, size, strlen(name));
        put(head, 0, 2);
        g_byte_array_append(head, (const uint8_t *)name, (guint)strlen(name));
        return write_out(zip, head->data, head->len, error);
}

bool plc_zip_add(plc_zip *zip, const char *name, const void *data, size_t size, GError **error)
{
        return begin_entry(zip, name, crc(zip, 0, data, size), size, error) && write_out(zip, data, size, error);
}

/* Once for the sum, which stands before the bytes, and once to write them. */
static bool pass(plc_zip *zip, int fd, uint64_t size, bool writes, uint8_t *piece, uint32_t *sum, GError **error)
{
        for (uint64_t at = 0; at < size;) {
                ssize_t got = pread(fd, piece, (size_t)MIN(size - at, PIECE), (off_t)at);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return plc_fail_errno(error, errno, "cannot read what goes into a zip");
                if (got == 0)
                        return plc_fail(error, PLC_E_IO, "a file became shorter while it was packed");
                if (!writes)
                        *sum = crc(zip, *sum, piece, (size_t)got);
                else if (!write_out(zip, piece, (size_t)got, error))
                        return false;
                at += (uint64_t)got;
        }
        return true;
}

bool plc_zip_add_fd(plc_zip *zip, const char *name, int fd, GError **error)
{
        g_autofree uint8_t *piece = g_malloc(PIECE);
        uint32_t sum = 0;
        struct stat st;

        if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
                return plc_fail(error, PLC_E_UNSAFE_FILE, "only ordinary files go into a zip");
        return pass(zip, fd, (uint64_t)st.st_size, false, piece, &sum, error) &&
               begin_entry(zip, name, sum, (uint64_t)st.st_size, error) &&
               pass(zip, fd, (uint64_t)st.st_size, true, piece, &sum, error);
}

static void put_wide_end(GByteArray *out, uint64_t count, uint64_t size, uint64_t offset)
{
        put(out, 0x06064b50, 4);
        put(out, 44, 8);
        put(out, MADE_ON_UNIX, 2);
        put(out, NEEDS_WIDE, 2);
        put(out, 0, 4);
        put(out, 0, 4);
        put(out, count, 8);
        put(out, count, 8);
        put(out, size, 8);
        put(out, offset, 8);
        put(out, 0x07064b50, 4); /* and where that stands */
        put(out, 0, 4);
        put(out, offset + size, 8);
        put(out, 1, 4);
}

bool plc_zip_end(plc_zip *zip, GError **error)
{
        uint64_t offset = zip->at, size = zip->end->len, count = zip->count;

        if (count >= NARROW16 || size >= NARROW32 || offset >= NARROW32)
                put_wide_end(zip->end, count, size, offset);
        put(zip->end, 0x06054b50, 4);
        put(zip->end, 0, 4);
        put(zip->end, MIN(count, NARROW16), 2);
        put(zip->end, MIN(count, NARROW16), 2);
        put(zip->end, MIN(size, NARROW32), 4);
        put(zip->end, MIN(offset, NARROW32), 4);
        put(zip->end, 0, 2);
        return write_out(zip, zip->end->data, zip->end->len, error);
}
