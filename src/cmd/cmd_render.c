/* placet render: what would become of these photos? Every placement asked for, from one decode each, without a site. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "conf/conf.h"
#include "pool/pool.h"
#include "preset/notation.h"
#include "preset/placements.h"

#define FILES_MAX 100000

static int render(int argc, char **argv);
static char *out_dir, *preset_words;
static gboolean as_json;
static gint jobs, effort = -1;
static const GOptionEntry options[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out_dir, "Into this folder (made if it is not there)", "DIR"},
        {"preset", 0, 0, G_OPTION_ARG_STRING, &preset_words, "Ids, channels or groups, comma-separated (default: pdp)",
         "P,…"},
        {"jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "So many sandboxed workers (default: one for each processor)", "N"},
        {"effort", 0, 0, G_OPTION_ARG_INT, &effort,
         "From 0 (fast) to 9 (small): instead of the placements' own, for WebP (6 at most) and AVIF", "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object a photo, in input order", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_render = {
        .name = "render",
        .args = "FILE… --out DIR [--preset P,…] [--jobs N] [--effort N] [--json]",
        .help = "Render photos for placements, in the sandbox, without a site.",
        .example = "placet render IMG_2041.jpg --out renditions --preset pdp,meta-feed-4x5",
        .run = render,
};

struct rendering;

/* One photo on its way; its line is printed when those before it have been. */
struct photo {
        struct rendering *all;
        const char *path;
        char *name, *stem;
        char sha256[PLC_SHA256_HEX_SIZE];
        int fd;
        bool done, failed;
        GString *line; /* what is printed */
};

struct rendering {
        struct photo *photos;
        size_t n_photos, next, printed, done;
        unsigned running, workers;
        plc_pool *pool;
        struct plc_plan *plan;
        uint32_t cpu_seconds;
        int out_fd;
        bool tty;
        GError *full; /* the folder takes no more: nothing else is begun */
        int signal;   /* that asked to stop */
};

static void write_error(struct photo *photo, const GError *error)
{
        photo->failed = true;
        if (!as_json) {
                g_string_printf(photo->line, "%s: not rendered: %s (%s)", photo->name, error->message,
                                plc_code_name(plc_error_code(error)));
                return;
        }
        g_string_truncate(photo->line, 0);
        plc_jw_object(photo->line, NULL);
        plc_jw_string(photo->line, "file", photo->name);
        plc_jw_object(photo->line, "error");
        plc_jw_string(photo->line, "code", plc_code_name(plc_error_code(error)));
        plc_jw_string(photo->line, "message", error->message);
        plc_jw_end_object(photo->line);
        plc_jw_end_object(photo->line);
}

static void write_facts(const struct photo *photo, const struct plc_facts *facts, GString *out)
{
        plc_jw_string(out, "file", photo->name);
        plc_jw_string(out, "sha256", photo->sha256);
        plc_jw_string(out, "format", plc_format_name(facts->format));
        plc_jw_int(out, "width", facts->width);
        plc_jw_int(out, "height", facts->height);
        plc_jw_int(out, "orientation", facts->orientation);
        plc_jw_string(out, "colour", facts->colour);
        plc_jw_array(out, "removed");
        for (unsigned bit = 0; bit < PLC_REMOVED_COUNT_; bit++)
                if (facts->removed & (1u << bit))
                        plc_jw_string(out, NULL, plc_removed_name(bit));
        plc_jw_end_array(out);
        if (facts->pdq[0] != '\0') {
                plc_jw_object(out, "pdq");
                plc_jw_string(out, "hash", facts->pdq);
                plc_jw_int(out, "quality", facts->pdq_quality);
                plc_jw_end_object(out);
        }
        if (facts->thumbhash[0] != '\0')
                plc_jw_string(out, "thumbhash", facts->thumbhash);
        plc_jw_real(out, "sharpness", facts->sharpness);
        plc_jw_real(out, "exposure", facts->exposure);
}

static void write_placement(const struct plc_made *made, const struct plc_facts *facts, char *const *names,
                            GString *out)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "preset", made->preset);
        plc_jw_string(out, "verdict", plc_placed_verdict_name(made->verdict));
        if (made->refusal != PLC_REFUSAL_NONE)
                plc_jw_string(out, "code", plc_refusal_name(made->refusal));
        if (made->why[0] != '\0')
                plc_jw_string(out, "why", made->why);
        if (made->n_files > 0) {
                plc_jw_object(out, "crop");
                plc_jw_int(out, "x", made->crop.x);
                plc_jw_int(out, "y", made->crop.y);
                plc_jw_int(out, "w", made->crop.w);
                plc_jw_int(out, "h", made->crop.h);
                plc_jw_real(out, "megapixels", (double)made->crop.w * made->crop.h / 1e6);
                plc_jw_end_object(out);
                plc_jw_object(out, "notations");
                plc_notation_write(out, &made->crop, facts->height);
                plc_jw_end_object(out);
                if (made->focal_outside_safe)
                        plc_jw_bool(out, "focal_outside_safe", true);
        }
        plc_jw_array(out, "files");
        for (unsigned i = 0; i < made->n_files; i++) {
                const struct plc_made_file *file = &made->files[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "path", names[i]);
                plc_jw_int(out, "width", file->width);
                plc_jw_int(out, "height", file->height);
                plc_jw_string(out, "format", plc_format_name(file->format));
                plc_jw_int(out, "bytes", (int64_t)file->bytes);
                plc_jw_int(out, "quality", file->quality);
                plc_jw_int(out, "encodes", file->encodes);
                plc_jw_array(out, "holds");
                for (unsigned bit = 0; bit < PLC_HOLDS_COUNT_; bit++)
                        if ((file->holds & (1u << bit)) != 0)
                                plc_jw_string(out, NULL, plc_holds_name(bit));
                plc_jw_end_array(out);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
}

/* DIR/<stem>.<preset>[.<width>].<ext>; the width where a placement has several. */
static char *file_name(const struct rendering *all, const struct photo *photo, const struct plc_made *made,
                       unsigned index)
{
        const char *extension = plc_format_extension(made->files[index].format);

        for (unsigned i = 0; i < all->plan->n_placements; i++) {
                const struct plc_placement *placement = &all->plan->placements[i];

                if (strcmp(placement->id, made->preset) == 0 && (placement->n_widths > 1 || placement->n_dpr > 1))
                        return g_strdup_printf("%s.%s.%u.%s", photo->stem, made->preset, made->files[index].css_width,
                                               extension);
        }
        return g_strdup_printf("%s.%s.%s", photo->stem, made->preset, extension);
}

/* A photo's files are there all, or none. */
static void remove_files(const struct rendering *all, const GPtrArray *names)
{
        for (guint i = 0; i < names->len; i++)
                unlinkat(all->out_fd, g_ptr_array_index(names, i), 0);
}

static bool keep(const struct rendering *all, struct photo *photo, const struct plc_result *result, GError **error)
{
        g_autoptr(GPtrArray) written = g_ptr_array_new_with_free_func(g_free);

        plc_jw_object(photo->line, NULL);
        write_facts(photo, &result->facts, photo->line);
        plc_jw_array(photo->line, "placements");
        for (unsigned i = 0; i < result->n_made; i++) {
                const struct plc_made *made = &result->made[i];
                g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

                for (unsigned f = 0; f < made->n_files; f++) {
                        char *name = file_name(all, photo, made, f);

                        g_ptr_array_add(names, name);
                        if (!plc_copy_whole_at(all->out_fd, name, made->files[f].fd, 0644, error)) {
                                remove_files(all, written);
                                return false;
                        }
                        g_ptr_array_add(written, g_strdup(name));
                }
                write_placement(made, &result->facts, (char *const *)names->pdata, photo->line);
        }
        plc_jw_end_array(photo->line);
        plc_jw_end_object(photo->line);
        return true;
}

static void write_sentence(struct photo *photo, const struct plc_result *result)
{
        unsigned files = 0, refused = 0;

        for (unsigned i = 0; i < result->n_made; i++) {
                files += result->made[i].n_files;
                refused += result->made[i].verdict == PLC_VERDICT_REFUSED;
        }
        g_string_printf(photo->line, "%s: %u files", photo->name, files);
        for (unsigned i = 0; refused > 0 && i < result->n_made; i++)
                if (result->made[i].verdict == PLC_VERDICT_REFUSED)
                        g_string_append_printf(photo->line, "\n  %s refused: %s", result->made[i].preset,
                                               result->made[i].why);
}

static void rendered(void *user_data, struct plc_result *result, GError *error)
{
        struct photo *photo = user_data;
        struct rendering *all = photo->all;

        if (error == NULL && all->full != NULL)
                error = g_error_copy(all->full);
        if (error == NULL && keep(all, photo, result, &error) && !as_json)
                write_sentence(photo, result);
        if (error != NULL)
                write_error(photo, error);
        if (all->full == NULL && error != NULL && error->code == PLC_E_NO_SPACE)
                all->full = g_error_copy(error);
        g_clear_error(&error);
        plc_result_free(result);
        plc_close_fd(&photo->fd);
        photo->done = true;
        all->running--;
        all->done++;
}

static bool start(struct rendering *all, struct photo *photo, GError **error)
{
        struct plc_job_request request = {.kind = PLC_JOB_RENDER, .plan = all->plan, .cpu_seconds = all->cpu_seconds};
        struct stat st;

        if (all->full != NULL) {
                g_propagate_error(error, g_error_copy(all->full));
                return false;
        }
        photo->fd = open(photo->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (photo->fd < 0)
                return plc_fail_errno(error, errno, "cannot be opened");
        if (fstat(photo->fd, &st) != 0 || !S_ISREG(st.st_mode))
                return plc_fail(error, PLC_E_UNSUPPORTED, "is not an ordinary file");
        if ((uint64_t)st.st_size > all->plan->limits.max_bytes)
                return plc_fail(error, PLC_E_TOO_LARGE, "has %lld bytes; at most %llu are accepted",
                                (long long)st.st_size, (unsigned long long)all->plan->limits.max_bytes);
        if (!plc_sha256_fd(photo->fd, photo->sha256, error))
                return false;
        request.input = photo->fd;
        return plc_pool_submit(all->pool, &request, rendered, photo, error);
}

static void start_some(struct rendering *all)
{
        while (all->next < all->n_photos && all->running < 2 * all->workers) {
                struct photo *photo = &all->photos[all->next++];
                g_autoptr(GError) error = NULL;

                if (start(all, photo, &error)) {
                        all->running++;
                        continue;
                }
                write_error(photo, error);
                photo->done = true;
                all->done++;
        }
}

static void print_done(struct rendering *all)
{
        for (; all->printed < all->n_photos && all->photos[all->printed].done; all->printed++) {
                if (all->tty)
                        fputs("\r\033[K", stderr);
                puts(all->photos[all->printed].line->str);
        }
        fflush(stdout);
        if (all->tty && all->done < all->n_photos)
                fprintf(stderr, "\r\033[Krendering: %zu of %zu photos", all->done, all->n_photos);
}

static gboolean on_signal(gpointer data)
{
        struct rendering *all = data;

        all->signal = SIGINT;
        return G_SOURCE_CONTINUE;
}

/* Files are written whole within one turn of the main loop: between two turns there is no half one to clean up. */
static int stopped(const struct rendering *all)
{
        fprintf(stderr, "%splacet: stopped; the files of %zu of %zu photos are there\n", all->tty ? "\r\033[K" : "",
                all->done, all->n_photos);
        return 128 + all->signal;
}

static int run_all(struct rendering *all)
{
        int status = 0;

        g_unix_signal_add(SIGINT, on_signal, all);
        g_unix_signal_add(SIGTERM, on_signal, all);
        while (all->done < all->n_photos && all->signal == 0) {
                start_some(all);
                print_done(all);
                if (all->running > 0)
                        g_main_context_iteration(NULL, TRUE);
        }
        print_done(all);
        if (all->done < all->n_photos)
                return stopped(all);
        for (size_t i = 0; i < all->n_photos; i++)
                status |= all->photos[i].failed;
        if (ferror(stdout) || fflush(stdout) != 0) {
                fprintf(stderr, "placet: what was done could not be told: %s\n", g_strerror(errno));
                status = 1;
        }
        return status;
}

/* Two photos of one stem would write over each other: refused before work begins. */
static bool name_photos(struct rendering *all, char **paths, GError **error)
{
        g_autoptr(GHashTable) stems = g_hash_table_new(g_str_hash, g_str_equal);

        for (size_t i = 0; i < all->n_photos; i++) {
                struct photo *photo = &all->photos[i];
                const char *dot;

                photo->all = all;
                photo->path = paths[i];
                photo->fd = -1;
                photo->line = g_string_new(NULL);
                photo->name = g_path_get_basename(paths[i]);
                dot = strrchr(photo->name, '.');
                photo->stem = dot != NULL && dot != photo->name ? g_strndup(photo->name, (gsize)(dot - photo->name))
                                                                : g_strdup(photo->name);
                if (!g_hash_table_add(stems, photo->stem))
                        return plc_fail_at(error, PLC_E_USAGE, photo->name, NULL,
                                           "Rename one, or render them in two runs.",
                                           "two photos are called \"%s\", and their files would be too", photo->stem);
        }
        return true;
}

static void set_effort(struct plc_placement *placement)
{
        for (unsigned i = 0; effort >= 0 && i < placement->n_encodings; i++)
                if (placement->encodings[i].format == PLC_FORMAT_WEBP)
                        placement->encodings[i].effort = MIN(effort, 6);
                else if (placement->encodings[i].format == PLC_FORMAT_AVIF)
                        placement->encodings[i].effort = effort;
}

static bool make_plan(struct rendering *all, const plc_presets *presets, GError **error)
{
        g_auto(GStrv) ids = plc_presets_expand(presets, preset_words != NULL ? preset_words : "pdp", error);
        g_autoptr(plc_conf) conf = plc_conf_standard();
        uint32_t files = 0;

        if (ids == NULL)
                return false;
        if (g_strv_length(ids) > PLC_MAX_PLACEMENTS)
                return plc_fail(error, PLC_E_USAGE, "at most %d placements can be made at a time", PLC_MAX_PLACEMENTS);
        all->plan = g_new0(struct plc_plan, 1);
        all->plan->limits = (struct plc_photo_limits){(uint64_t)conf->limit_photo_bytes, (uint64_t)conf->limit_pixels,
                                                      (uint32_t)conf->limit_side, (uint32_t)conf->limit_frames};
        for (char **id = ids; *id != NULL; id++) {
                const struct plc_placement *placement = &plc_presets_find(presets, *id)->placement;

                all->plan->placements[all->plan->n_placements] = *placement;
                set_effort(&all->plan->placements[all->plan->n_placements]);
                all->plan->placements[all->plan->n_placements++].allow_undersized = true; /* to be looked at */
                files += MAX(placement->n_widths, 1u) * MAX(placement->n_dpr, 1u) * MAX(placement->n_encodings, 1u);
        }
        all->cpu_seconds = (uint32_t)conf->decode_cpu + (uint32_t)conf->render_cpu * files;
        return true;
}

static void clear(struct rendering *all)
{
        plc_pool_free(all->pool);
        for (size_t i = 0; i < all->n_photos; i++) {
                plc_close_fd(&all->photos[i].fd);
                g_free(all->photos[i].name);
                g_free(all->photos[i].stem);
                if (all->photos[i].line != NULL)
                        g_string_free(all->photos[i].line, TRUE);
        }
        g_free(all->photos);
        g_free(all->plan);
        plc_close_fd(&all->out_fd);
        g_clear_error(&all->full);
}

static bool prepare(struct rendering *all, char **paths, GError **error)
{
        g_autoptr(plc_presets) presets = plc_presets_load(NULL, NULL, error);
        struct plc_pool_options pool = {.workers = all->workers};

        if (presets == NULL || !make_plan(all, presets, error) || !name_photos(all, paths, error))
                return false;
        if (g_mkdir_with_parents(out_dir, 0755) != 0)
                return plc_fail_errno(error, errno, "cannot make %s", out_dir);
        if (!plc_open_dir(AT_FDCWD, out_dir, &all->out_fd, error))
                return false;
        if (faccessat(all->out_fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
                return plc_fail_errno(error, errno, "cannot write into %s", out_dir);
        all->pool = plc_pool_new(&pool);
        return true;
}

static int render(int argc, char **argv)
{
        struct rendering all = {.out_fd = -1, .tty = isatty(STDERR_FILENO)};
        GError *error = NULL;
        int status;

        if (!plc_cmd_parse(&plc_cmd_render, options, &argc, &argv))
                return 2;
        if (argc < 2 || argc > FILES_MAX || out_dir == NULL)
                return plc_cmd_usage(&plc_cmd_render, "at least one FILE and --out are needed");
        if (jobs < 0 || jobs > 256)
                return plc_cmd_usage(&plc_cmd_render, "--jobs must be from 1 to 256");
        if (effort < -1 || effort > 9)
                return plc_cmd_usage(&plc_cmd_render, "--effort must be from 0 to 9");
        all.n_photos = (size_t)argc - 1;
        all.photos = g_new0(struct photo, all.n_photos);
        all.workers = jobs > 0 ? (unsigned)jobs : g_get_num_processors();
        status = prepare(&all, argv + 1, &error) ? run_all(&all) : plc_cmd_fail(error);
        clear(&all);
        return status;
}
