/* What must a store of blobs be able to do? This table; tests/contract/blob.c says how each function behaves. */
#pragma once
#include "blob/blob.h"

struct plc_blob_driver {
        const char *scheme;
        plc_blobs *(*open)(const char *path, enum plc_blob_access access, GError **error);
        void (*close)(plc_blobs *blobs);
        bool (*put)(plc_blobs *blobs, int fd, const char *key, GError **error);
        bool (*get)(plc_blobs *blobs, const char *key, int *out_fd, GError **error);
        bool (*exists)(plc_blobs *blobs, const char *key, bool *out, GError **error);
        bool (*put_at)(plc_blobs *blobs, const char *key, int64_t *out_ms, GError **error);
        bool (*remove)(plc_blobs *blobs, const char *key, GError **error);
        bool (*drop)(plc_blobs *blobs, const char *key, GError **error);
        bool (*remove_all)(plc_blobs *blobs, const GPtrArray *keys, GError **error);
        bool (*list)(plc_blobs *blobs, plc_blob_visit visit, void *user_data, GError **error);
};

/* The driver's own struct begins with it. */
struct plc_blobs {
        const struct plc_blob_driver *driver;
};

extern const struct plc_blob_driver plc_blob_disk;
