/*
 * Where do bytes of files lie? In a store addressed by keys: "file:/path" (a folder), later "s3://…". A key is 4 to 80
 * lower-case letters and digits and at most one extension: "9f2c….webp", "k3m8…"; a folder keeps it as 9f/2c….webp.
 * What was put is durable, whole and never changes under its key.
 */
#pragma once
#include "base/error.h"

typedef struct plc_blobs plc_blobs;

#define PLC_BLOB_KEY_SIZE 96 /* with the closing zero */

/* The mode of files and folders: 0600 and 0700, or 0644 and 0755, whatever the umask. */
enum plc_blob_access { PLC_BLOB_PRIVATE, PLC_BLOB_PUBLIC };

/* NULL on failure. The folder must exist: a missing mount is not an empty store (NOT_FOUND). */
plc_blobs *plc_blobs_open(const char *url, enum plc_blob_access access, GError **error);
/* The same for an open folder, whose descriptor is duplicated. */
plc_blobs *plc_blobs_open_dir(int dirfd, enum plc_blob_access access, GError **error);
void plc_blobs_close(plc_blobs *blobs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_blobs, plc_blobs_close)

bool plc_blob_key_valid(const char *key);

/* Everything in fd, from offset 0, under the caller's key; CONFLICT if it is taken. fd must not change meanwhile. */
bool plc_blob_put(plc_blobs *blobs, int fd, const char *key, GError **error);
bool plc_blob_put_bytes(plc_blobs *blobs, const void *data, size_t size, const char *key, GError **error);
/* The key is SHA-256 in hex and, where extension is not NULL, ".extension"; putting the same bytes again changes
 * nothing. */
bool plc_blob_put_hashed(plc_blobs *blobs, int fd, const char *extension, char out_key[PLC_BLOB_KEY_SIZE],
                         GError **error);
bool plc_blob_put_bytes_hashed(plc_blobs *blobs, const void *data, size_t size, const char *extension,
                               char out_key[PLC_BLOB_KEY_SIZE], GError **error);

/* A read-only descriptor at offset 0; NOT_FOUND. Close it. */
bool plc_blob_get(plc_blobs *blobs, const char *key, int *out_fd, GError **error);
bool plc_blob_exists(plc_blobs *blobs, const char *key, bool *out, GError **error);
/* When it was put, ms UTC by the store's clock; NOT_FOUND. */
bool plc_blob_put_at(plc_blobs *blobs, const char *key, int64_t *out_ms, GError **error);
/* Durably gone; a key that is not there is fine. */
bool plc_blob_remove(plc_blobs *blobs, const char *key, GError **error);
/* Gone from the folder at once, durably only by a plc_blob_remove that has to follow: no flush of the disk. */
bool plc_blob_drop(plc_blobs *blobs, const char *key, GError **error);
/* plc_blob_remove of many (of char *), for the price of few: durable when it returns, not one by one. */
bool plc_blob_remove_all(plc_blobs *blobs, const GPtrArray *keys, GError **error);
/* Every key, in the order of bytes; stops with false at the visitor's first false. */
typedef bool (*plc_blob_visit)(const char *key, void *user_data, GError **error);
bool plc_blob_list(plc_blobs *blobs, plc_blob_visit visit, void *user_data, GError **error);
