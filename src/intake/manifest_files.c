/* Are the files that a submission names in its folder, and the ones announced? And is this drop the same as one before?
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "intake/manifest_read.h"

/* What is checked, and where its name stands in the JSON. */
struct named {
        struct plc_manifest_file *file;
        char *pointer; /* of the object that names it */
        int64_t max_bytes;
};

struct checking {
        const char *json_file;
        int dir_fd;
        char **there; /* the folder's names, sorted */
        GError **error;
};

static void named_free(gpointer data)
{
        struct named *named = data;

        g_free(named->pointer);
        g_free(named);
}

static void add(GPtrArray *all, struct plc_manifest_file *file, int64_t max_bytes, const char *format, ...)
        G_GNUC_PRINTF(4, 5);

static void add(GPtrArray *all, struct plc_manifest_file *file, int64_t max_bytes, const char *format, ...)
{
        struct named *named;
        va_list args;

        if (file->name == NULL)
                return;
        named = g_new0(struct named, 1);
        va_start(args, format);
        named->pointer = g_strdup_vprintf(format, args);
        va_end(args);
        named->file = file;
        named->max_bytes = max_bytes;
        g_ptr_array_add(all, named);
}

static GPtrArray *all_named(plc_manifest *s, const struct plc_manifest_limits *limits)
{
        GPtrArray *all = g_ptr_array_new_with_free_func(named_free);

        for (size_t i = 0; i < s->n_photos; i++)
                add(all, &s->photos[i].file, limits->max_photo_bytes, "/photos/%zu", i);
        for (size_t i = 0; i < s->n_photos; i++)
                for (size_t k = 0; k < s->photos[i].n_persons; k++)
                        add(all, &s->photos[i].persons[k].release.file, limits->max_evidence_bytes,
                            "/photos/%zu/persons/%zu/release", i, k);
        for (size_t i = 0; i < s->n_consents; i++)
                add(all, &s->consents[i].evidence.file, limits->max_evidence_bytes, "/consents/%zu/evidence", i);
        add(all, &s->contributor.guardian_evidence.file, limits->max_evidence_bytes, "/contributor/guardian/evidence");
        return all;
}

GPtrArray *plc_manifest_files(plc_manifest *manifest)
{
        g_autoptr(GPtrArray) all = all_named(manifest, &plc_manifest_default_limits);
        GPtrArray *files = g_ptr_array_new();

        for (guint i = 0; i < all->len; i++)
                g_ptr_array_add(files, ((struct named *)all->pdata[i])->file);
        return files;
}

static bool fail(const struct checking *c, const struct named *named, const char *member, plc_code code,
                 const char *remedy, const char *format, ...) G_GNUC_PRINTF(6, 7);

static bool fail(const struct checking *c, const struct named *named, const char *member, plc_code code,
                 const char *remedy, const char *format, ...)
{
        g_autofree char *pointer = g_strdup_printf("%s/%s", named->pointer, member);
        g_autofree char *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        return plc_fail_at(c->error, code, c->json_file, pointer, remedy, "%s", text);
}

/* The name that was probably meant: the same but for case or composition of accents (a Mac writes NFD). */
static const char *near_miss(char **there, const char *name)
{
        g_autofree char *folded = g_utf8_casefold(name, -1), *wanted = g_utf8_normalize(folded, -1, G_NORMALIZE_ALL);

        for (size_t i = 0; there[i] != NULL && wanted != NULL; i++) {
                g_autofree char *found = NULL, *found_folded = NULL;

                if (!g_utf8_validate(there[i], -1, NULL))
                        continue;
                found_folded = g_utf8_casefold(there[i], -1);
                found = g_utf8_normalize(found_folded, -1, G_NORMALIZE_ALL);
                if (g_strcmp0(found, wanted) == 0)
                        return there[i];
        }
        return NULL;
}

static bool not_there(const struct checking *c, const struct named *named)
{
        const char *meant = near_miss(c->there, named->file->name);
        g_autofree char *shown = meant != NULL ? plc_sub_shown(meant) : NULL;

        if (shown != NULL)
                return fail(c, named, "file", PLC_E_MISSING_FILE, "Rename the file or correct the name.",
                            "\"%s\" is not in the folder (found: \"%s\")", named->file->name, shown);
        return fail(c, named, "file", PLC_E_MISSING_FILE, "Add the file or correct the name.",
                    "\"%s\" is not in the folder", named->file->name);
}

static bool check_one(const struct checking *c, const struct named *named)
{
        struct plc_manifest_file *file = named->file;
        g_autoptr(GError) fault = NULL;
        plc_autofd int fd = -1;
        struct stat st;

        if (!plc_open_beneath(c->dir_fd, file->name, &fd, &st, &fault)) {
                if (plc_error_code(fault) == PLC_E_NOT_FOUND)
                        return not_there(c, named);
                if (plc_error_code(fault) == PLC_E_UNSAFE_FILE)
                        return fail(c, named, "file", PLC_E_UNSAFE_FILE,
                                    "Put a copy of the file itself into the folder.",
                                    "\"%s\" is not an ordinary file of its own", file->name);
                g_propagate_error(c->error, g_steal_pointer(&fault));
                return false;
        }
        if (st.st_size == 0)
                return fail(c, named, "file", PLC_E_UNREADABLE, "Copy the file again.", "\"%s\" is empty", file->name);
        if (st.st_size > named->max_bytes)
                return fail(c, named, "file", PLC_E_TOO_LARGE, "Give a smaller file.",
                            "\"%s\" has %" G_GINT64_FORMAT " bytes; at most %" G_GINT64_FORMAT " are accepted",
                            file->name, (int64_t)st.st_size, named->max_bytes);
        if (!plc_sha256_fd(fd, file->found_sha256, c->error))
                return false;
        file->found_bytes = st.st_size;
        if (file->sha256 == NULL || strcmp(file->sha256, file->found_sha256) == 0)
                return true;
        return fail(c, named, "sha256", PLC_E_HASH_MISMATCH, "Copy the file again, or correct the sum.",
                    "\"%s\" is another file than the one announced: its SHA-256 is %s", file->name, file->found_sha256);
}

static bool is_named(const GPtrArray *all, const char *name)
{
        for (guint i = 0; i < all->len; i++)
                if (strcmp(((struct named *)all->pdata[i])->file->name, name) == 0)
                        return true;
        return false;
}

/* Left behind by desktops and by the drop itself; nobody needs to hear of them. */
static bool expected(const char *name, const char *json_file)
{
        static const char *const names[] = {"READY", ".DS_Store", "Thumbs.db", "desktop.ini", NULL};

        return strcmp(name, json_file) == 0 || g_strv_contains(names, name);
}

static bool look_at_unnamed(const struct checking *c, const char *name, GPtrArray *notes)
{
        g_autofree char *shown = plc_sub_shown(name);
        struct stat st;

        if (fstatat(c->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                return plc_fail_errno(c->error, errno, "cannot look at %s", shown);
        if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
                return plc_fail_at(c->error, PLC_E_UNSAFE_FILE, shown, NULL, "Take it out of the folder.",
                                   S_ISDIR(st.st_mode)   ? "is a folder; the files of a drop lie beside each other"
                                   : S_ISLNK(st.st_mode) ? "is a link; only ordinary files are accepted"
                                   : S_ISREG(st.st_mode) ? "is a file with several names (hard links)"
                                                         : "is not an ordinary file");
        if (!expected(name, c->json_file))
                g_ptr_array_add(notes,
                                g_strdup_printf("\"%s\" is not named in %s and was left out", shown, c->json_file));
        return true;
}

bool plc_manifest_check_files(plc_manifest *manifest, const char *file, int dir_fd,
                              const struct plc_manifest_limits *limits, char ***out_notes, GError **error)
{
        g_autoptr(GPtrArray) all = all_named(manifest, limits), notes = g_ptr_array_new_with_free_func(g_free);
        g_auto(GStrv) there = NULL;
        GError *fault = NULL;
        struct checking c = {.json_file = file, .dir_fd = dir_fd, .error = &fault};

        if (!plc_list_dir(dir_fd, ".", limits->max_folder_files, &there, error))
                return false;
        c.there = there;
        for (size_t i = 0; fault == NULL && there[i] != NULL; i++)
                if (!is_named(all, there[i]))
                        look_at_unnamed(&c, there[i], notes);
        for (guint i = 0; fault == NULL && i < all->len; i++)
                check_one(&c, all->pdata[i]);
        if (fault != NULL) {
                plc_sub_remedy(fault, PLC_MANIFEST_FOLDER, error);
                return false;
        }
        g_ptr_array_add(notes, NULL);
        *out_notes = (char **)g_ptr_array_free(g_steal_pointer(&notes), FALSE);
        return true;
}

bool plc_manifest_unnamed(plc_manifest *manifest, const char *file, int dir_fd, char ***out, GError **error)
{
        g_autoptr(GPtrArray) all = all_named(manifest, &plc_manifest_default_limits);
        g_autoptr(GStrvBuilder) unnamed = g_strv_builder_new();
        g_auto(GStrv) there = NULL;

        if (!plc_list_dir(dir_fd, ".", G_MAXSIZE, &there, error))
                return false;
        for (char **name = there; *name != NULL; name++)
                if (!is_named(all, *name) && !expected(*name, file))
                        g_strv_builder_add(unnamed, *name);
        *out = g_strv_builder_end(unnamed);
        return true;
}

plc_manifest *plc_manifest_read_folder(int dir_fd, const struct plc_manifest_limits *limits, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        const char *data;
        size_t size;

        if (limits == NULL)
                limits = &plc_manifest_default_limits;
        if (!plc_read_file_at(dir_fd, "submission.json", limits->max_json_bytes, &bytes, error))
                return NULL;
        data = g_bytes_get_data(bytes, &size);
        return plc_manifest_read(data, size, "submission.json", PLC_MANIFEST_FOLDER, NULL, limits, NULL, NULL, error);
}

bool plc_manifest_files_present(plc_manifest *manifest, int dir_fd)
{
        g_autoptr(GPtrArray) files = plc_manifest_files(manifest);
        struct stat st;

        for (guint i = 0; i < files->len; i++)
                if (fstatat(dir_fd, ((struct plc_manifest_file *)files->pdata[i])->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
                        return false;
        return true;
}

static void hash_text(plc_hash *hash, const char *text)
{
        plc_hash_add(hash, text, strlen(text) + 1);
}

void plc_manifest_content_hash(const plc_manifest *manifest, char out[65])
{
        g_autoptr(GPtrArray) files = plc_manifest_files((plc_manifest *)manifest);
        uint8_t sum[PLC_SHA256_LEN];
        plc_hash *hash = plc_hash_new();

        hash_text(hash, "placet.drop/1");
        hash_text(hash, manifest->json_sha256);
        for (guint i = 0; i < files->len; i++) {
                const struct plc_manifest_file *file = files->pdata[i];

                hash_text(hash, file->name);
                hash_text(hash, file->found_sha256);
        }
        plc_hash_final(hash, sum);
        plc_hex(sum, sizeof sum, out);
}

void plc_manifest_review_hash(const plc_manifest *manifest, char out[65])
{
        uint8_t sum[PLC_SHA256_LEN];
        plc_hash *hash = plc_hash_new();

        hash_text(hash, "placet.review/1");
        hash_text(hash, manifest->review_sha256);
        hash_text(hash, manifest->around_sha256);
        plc_hash_final(hash, sum);
        plc_hex(sum, sizeof sum, out);
}

void plc_manifest_photo_hash(const plc_manifest *manifest, const struct plc_manifest_photo *photo, char out[65])
{
        uint8_t sum[PLC_SHA256_LEN];
        plc_hash *hash = plc_hash_new();

        hash_text(hash, "placet.photo/1");
        hash_text(hash, photo->file.found_sha256);
        hash_text(hash, photo->said_sha256);
        hash_text(hash, manifest->around_sha256);
        for (size_t i = 0; i < photo->n_persons; i++)
                hash_text(hash, photo->persons[i].release.file.found_sha256);
        plc_hash_final(hash, sum);
        plc_hex(sum, sizeof sum, out);
}

static int by_name(gconstpointer a, gconstpointer b, gpointer object)
{
        return strcmp(plc_json_name(object, *(const size_t *)a), plc_json_name(object, *(const size_t *)b));
}

/* The depth is bounded by the reader's limit (32). Fractions are allowed here, so RFC 8785 as base/json.h writes it
 * does not do. */
static void write_sorted(plc_json *node, const char *name, const char *const *leave_out, GString *out)
{
        g_autofree size_t *order = NULL;

        switch (plc_json_typeof(node)) {
        case PLC_JSON_OBJECT:
                plc_jw_object(out, name);
                order = g_new(size_t, plc_json_size(node) + 1);
                for (size_t i = 0; i < plc_json_size(node); i++)
                        order[i] = i;
                g_qsort_with_data(order, (int)plc_json_size(node), sizeof *order, by_name, node);
                for (size_t i = 0; i < plc_json_size(node); i++)
                        if (leave_out == NULL || !g_strv_contains(leave_out, plc_json_name(node, order[i])))
                                write_sorted(plc_json_value(node, order[i]), plc_json_name(node, order[i]), NULL, out);
                plc_jw_end_object(out);
                return;
        case PLC_JSON_ARRAY:
                plc_jw_array(out, name);
                for (size_t i = 0; i < plc_json_size(node); i++)
                        write_sorted(plc_json_element(node, i), NULL, NULL, out);
                plc_jw_end_array(out);
                return;
        case PLC_JSON_STRING:
                plc_jw_string(out, name, plc_json_string(node));
                return;
        case PLC_JSON_INT:
                plc_jw_int(out, name, plc_json_int(node));
                return;
        case PLC_JSON_REAL:
                plc_jw_real(out, name, plc_json_real(node));
                return;
        case PLC_JSON_BOOL:
                plc_jw_bool(out, name, plc_json_bool(node));
                return;
        case PLC_JSON_NULL:
                plc_jw_null(out, name);
        }
}

void plc_sub_json_hash(plc_json *root, const char *const *leave_out, char out[65])
{
        g_autoptr(GString) text = g_string_sized_new(4096);

        write_sorted(root, NULL, leave_out, text);
        plc_sha256_hex(text->str, text->len, out);
}
