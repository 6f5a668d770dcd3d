/* A small published index for tests: one function a fact, so that a test reads as what was published and what was
 * asked. */
#pragma once
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "index/index.h"
#include <fcntl.h>
#include <string.h>

#define T0 INT64_C(1800000000000) /* the instant at which everything here was published */
#define HOUR INT64_C(3600000)
#define KEY_A "k3m8v2qa7t5xw9zdr4pn6chjyb"
#define KEY_B "b7d2f9h4k6m8n3p5q1r0stvwxy"

/* Of the site, as test_serve.c and test_keep.c say them to the server. */
static const char *const sample_languages[] = {"en", "de", NULL};

struct sample {
        char *dir; /* public/ */
        plc_index_writer *writer;
};

static inline struct plc_index_territories in(const char *codes)
{
        struct plc_index_territories set = {0};
        g_auto(GStrv) list = g_strsplit(codes, " ", -1);
        for (size_t i = 0; list[i] != NULL; i++) {
                if (strcmp(list[i], "WW") == 0)
                        plc_index_territories_add_world(&set);
                else
                        g_assert_true(plc_index_territories_add(&set, list[i]));
        }
        return set;
}

#define OK(call)                                                                                                       \
        do {                                                                                                           \
                GError *error = NULL;                                                                                  \
                bool ok_ = call;                                                                                       \
                g_assert_no_error(error);                                                                              \
                g_assert_true(ok_);                                                                                    \
        } while (0)

static inline struct plc_index_segment open_in(const char *territories)
{
        return (struct plc_index_segment){.product = "TENT",
                                          .channel = "pdp",
                                          .edit = PLC_INDEX_EDIT_NONE,
                                          .identity = true,
                                          .from_ms = T0,
                                          .until_ms = PLC_TIME_NEVER,
                                          .territories = in(territories)};
}

/* Stores bytes under public/assets and describes them. The sha256 string is kept for the life of the test. */
static inline struct plc_index_rendition rendition(struct sample *s, const char *preset, const char *name,
                                                   const char *channel, uint32_t w, uint32_t h, const void *data,
                                                   size_t size)
{
        char hash[PLC_SHA256_HEX_SIZE];
        const char *extension = strrchr(name, '.') + 1;

        plc_sha256_hex(data, size, hash);
        g_autofree char *folder = g_strdup_printf("%s/assets/%.2s", s->dir, hash);
        g_autofree char *path = g_strdup_printf("%s/%s.%s", folder, hash + 2, extension);
        g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
        g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
        return (struct plc_index_rendition){.preset = preset,
                                            .name = name,
                                            .channel = channel,
                                            .sha256 = g_intern_string(hash),
                                            .extension = extension,
                                            .type = strcmp(extension, "webp") == 0 ? "image/webp" : "image/jpeg",
                                            .width = w,
                                            .height = h,
                                            .bytes = (int64_t)size};
}

static inline void sample_open(struct sample *s)
{
        s->dir = g_dir_make_tmp("plc-public-XXXXXX", NULL);
        g_autofree char *assets = g_build_filename(s->dir, "assets", NULL);
        g_assert_cmpint(g_mkdir_with_parents(assets, 0755), ==, 0);
        OK(plc_index_writer_open(s->dir, sample_languages, &s->writer, &error));
}

static inline void sample_close(struct sample *s)
{
        plc_index_writer_close(s->writer);
        OK(plc_remove_tree_at(AT_FDCWD, s->dir, &error));
        g_free(s->dir);
}

static inline struct plc_index_item review(const char *id, const char *language, const char *text)
{
        return (struct plc_index_item){.id = id,
                                       .kind = PLC_INDEX_REVIEW,
                                       .group = id,
                                       .written_at = T0 - HOUR,
                                       .language = language,
                                       .verification = "order",
                                       .author = "Marta K.",
                                       .country = "PL",
                                       .has_rating = true,
                                       .rating = 5,
                                       .rating_min = 1,
                                       .rating_max = 5,
                                       .text = text,
                                       .excerpt = text};
}

static inline struct plc_index_item photo(const char *id, const char *group, const char *key, const char *alt)
{
        return (struct plc_index_item){.id = id,
                                       .kind = PLC_INDEX_PHOTO,
                                       .group = group,
                                       .written_at = T0 - HOUR,
                                       .language = "en",
                                       .verification = "order",
                                       .author = "Marta K.",
                                       .country = "PL",
                                       .key = key,
                                       .role = "scene",
                                       .alt = alt,
                                       .width = 1280,
                                       .height = 960,
                                       .placeholder = "thumbhash:3OcRJYB4d3h/iIeHeEh3eIhw+j2w"};
}

/* One publication. */
static inline void put(struct sample *s, const struct plc_index_item *item, const struct plc_index_segment *segments,
                       size_t n, const struct plc_index_rendition *renditions, size_t n_renditions, int64_t now)
{
        OK(plc_index_begin(s->writer, &error));
        OK(plc_index_put_item(s->writer, item, segments, n, renditions, n_renditions, &error));
        OK(plc_index_commit(s->writer, now, &error));
}
