/*
 * How is what is held about somebody handed to them as one file? As a zip of stored entries: photos are packed already,
 * and whoever unpacks it needs nothing but what their machine brings. Written by us because it is three kinds of
 * records (APPNOTE 6.3.10) and a checksum, and because the process that holds the keys loads no library that takes
 * strangers' archives apart.
 */
#pragma once
#include "base/error.h"

typedef struct plc_zip plc_zip;

/* fd is borrowed: an empty ordinary file, written from its start to its end. at_ms is the time that every entry tells.
 */
plc_zip *plc_zip_new(int fd, int64_t at_ms);
void plc_zip_free(plc_zip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_zip, plc_zip_free)

/* name: UTF-8, with '/' between folders, ≤ 1024 bytes. An entry may have 4 GiB less one byte (TOO_BIG), the zip any
 * size. */
bool plc_zip_add(plc_zip *zip, const char *name, const void *data, size_t size, GError **error);
/* Everything in fd, an ordinary file or memfd that does not change meanwhile. */
bool plc_zip_add_fd(plc_zip *zip, const char *name, int fd, GError **error);
/* Without it the file is no zip. Not durable yet. */
bool plc_zip_end(plc_zip *zip, GError **error);
