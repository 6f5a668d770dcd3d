/* Can this machine do the work? Libraries, language data, the worker behind its sandbox, what Placet ships, the clock.
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>

#include "base/file.h"
#include "cmd/doctor.h"
#include "http/listen.h"
#include "net/unix_client.h"
#include "pool/pool.h"
#include "text/flags.h"
#include "text/locale.h"
#include "text/terms.h"

#define SERVE_FILES 2200 /* that placet-serve opens beside its connections (main_serve.c) */

/* 8.14.1 as a number that can be compared; what is not there counts as 0. */
static int64_t number_of(const char *version)
{
        int64_t number = 0;

        for (int i = 0; i < 3; i++) {
                char *end = NULL;
                guint64 part = g_ascii_strtoull(version, &end, 10);

                number = number * 10000 + (int64_t)MIN(part, 9999);
                version = *end == '.' ? end + 1 : end;
        }
        return number;
}

struct library {
        const char *name, *version;
        const char *least; /* Debian 12's, which all tests run with */
        const char *why;
        const char *tried; /* the first that nobody has tried; NULL: any newer one is taken */
};

static void judge(plc_doctor *doctor, const struct library *library, GString *told)
{
        int64_t version = number_of(library->version);

        g_string_append_printf(told, "%s%s %s", told->len > 0 ? ", " : "", library->name, library->version);
        if (version < number_of(library->least)) {
                g_autofree char *remedy = g_strdup_printf("Install %s or newer (Debian 12 has it)", library->least);

                plc_doctor_tell(doctor, "libraries", PLC_HEALTH_FAULT, remedy, "%s %s is too old: %s", library->name,
                                library->version, library->why);
        } else if (library->tried != NULL && version >= number_of(library->tried)) {
                plc_doctor_tell(doctor, "libraries", PLC_HEALTH_WARNING,
                                "Render photos of yours (placet render) and look at them before you go live with it",
                                "%s %s is newer than any that was tried (before %s)", library->name, library->version,
                                library->tried);
        }
}

static void libraries(plc_doctor *doctor, const struct plc_hello *hello)
{
        g_autofree char *glib = g_strdup_printf("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
        const char *vips = g_str_has_prefix(hello->libraries, "libvips ") ? hello->libraries + strlen("libvips ") : "";
        const struct library all[] = {
                {"SQLite", plc_catalog_library(), "3.40", "power cuts and crashes were tried with newer ones alone",
                 NULL},
                {"ICU", plc_locale_library(), "72",
                 "plural forms and the parting of words differ from those that were tried", NULL},
                {"libmicrohttpd", plc_http_library(), "0.9.75",
                 "slow and hostile clients were tried with newer ones alone", "2"},
                {"libcurl", plc_net_library(), "7.88", "only newer ones were tried", NULL},
                {"libsodium", plc_vault_library(), "1.0.18", "only newer ones were tried", NULL},
                {"GLib", glib, "2.74", "it lacks functions that are used", NULL},
                {"libvips", vips, "8.14", "that it leaves no metadata in a file was tried with newer ones alone",
                 "8.18"},
        };
        g_autoptr(GString) told = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
                if (all[i].version[0] != '\0') /* without a worker nothing is known of libvips */
                        judge(doctor, &all[i], told);
        plc_doctor_ok(doctor, "libraries", "%s", told->str);
}

/* A build of ICU may leave out languages, or the dictionaries by which Thai is parted into words. */
static void language_data(plc_doctor *doctor)
{
        static const char remedy[] = "Install ICU with all its data (Debian: libicu72)";
        g_autofree char *country = plc_locale_country("uk", "DE");
        g_autofree char *counted = plc_locale_counted("pl", "one{a} few{b} many{c} other{d}", 22);
        g_autofree char *terms = NULL;
        g_autoptr(GError) error = NULL;

        if (strcmp(country, "Німеччина") != 0 || strcmp(counted, "b") != 0)
                plc_doctor_tell(doctor, "icu", PLC_HEALTH_FAULT, remedy,
                                "ICU's data is cut down: names of countries or plural forms are missing");
        else if (!plc_text_terms("รีวิวสินค้านี้ดีมาก", &terms, &error) || strchr(terms, ' ') == NULL)
                plc_doctor_tell(doctor, "icu", PLC_HEALTH_FAULT, remedy,
                                "ICU's data is cut down: Thai is not parted into words, so it is not found");
        plc_doctor_ok(doctor, "icu", "names, plural forms and words of the languages are there");
}

static void shipped(plc_doctor *doctor)
{
        static const char remedy[] = "Install Placet anew, or unset PLACET_PRESETS";
        g_autofree char *data = plc_data_dir("presets");
        g_autofree char *folder = g_build_filename(data, "terms", NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(plc_presets) presets = plc_presets_load(NULL, NULL, &error);
        g_autoptr(plc_terms_registry) terms = presets != NULL ? plc_terms_load(folder, NULL, &error) : NULL;
        g_autoptr(plc_flag_lists) lists = NULL;
        g_autoptr(plc_detector) detector = NULL;

        if (terms == NULL || !plc_flag_lists_load(NULL, NULL, NULL, &lists, &error) ||
            !plc_detector_open_default(&detector, &error))
                plc_doctor_error(doctor, "presets", error, remedy);
        else
                plc_doctor_ok(doctor, "presets",
                              "%zu placements, %zu terms, words of %zu languages and the language model, in %s",
                              plc_presets_size(presets), plc_terms_size(terms), plc_flag_lists_languages(lists), data);
}

/* --- the worker --- */

static const struct {
        const char *format, *base64;
} photos[] = {
#define PLC_PHOTO(format, base64) {format, base64},
#include "cmd/doctor_photos.def"
#undef PLC_PHOTO
};

/* JPEG and WebP, and AVIF where the site has it made. */
static void make_plan(const plc_conf *conf, struct plc_plan *plan)
{
        struct plc_placement *place = &plan->placements[0];

        g_strlcpy(place->id, "doctor", sizeof place->id);
        place->width = 16;
        place->fit = PLC_FIT_INSIDE;
        place->fallback_fit = PLC_FIT_INSIDE;
        place->allow_undersized = true;
        place->encodings[place->n_encodings++] = (struct plc_encoding){.format = PLC_FORMAT_JPEG, .quality = 80};
        place->encodings[place->n_encodings++] =
                (struct plc_encoding){.format = PLC_FORMAT_WEBP, .quality = 80, .effort = 4};
        if (conf->avif || conf->second_pass)
                place->encodings[place->n_encodings++] =
                        (struct plc_encoding){.format = PLC_FORMAT_AVIF, .quality = 60, .effort = 4};
        plan->n_placements = 1;
}

static bool try_photo(plc_pool *pool, const plc_conf *conf, size_t photo, GError **error)
{
        g_autofree struct plc_plan *plan = g_new0(struct plc_plan, 1);
        struct plc_result result = {0};
        struct plc_job_request request = {.kind = photo == 0 ? PLC_JOB_RENDER : PLC_JOB_EXAMINE};
        gsize size;
        g_autofree guchar *bytes = g_base64_decode(photos[photo].base64, &size);
        plc_autofd int fd = -1;
        bool ok;

        plan->limits = (struct plc_photo_limits){1 << 20, 1 << 20, 1 << 10, 10};
        make_plan(conf, plan);
        request.plan = plan;
        request.limits = &plan->limits;
        if (!plc_memfd("photo", bytes, size, true, &fd, error))
                return false;
        request.input = fd;
        if (!plc_pool_run(pool, &request, &result, error))
                return false;
        ok = photo != 0 || (result.n_made == 1 && result.made[0].n_files == plan->placements[0].n_encodings) ||
             plc_fail(error, PLC_E_INTERNAL, "of a photo of 16 by 16 pixels not all files could be made");
        plc_result_clear(&result);
        return ok;
}

static void tell_sandbox(plc_doctor *doctor, const struct plc_hello *hello)
{
        if (hello->landlock_abi == 0)
                plc_doctor_tell(doctor, "sandbox", PLC_HEALTH_WARNING,
                                "Run a kernel with Landlock (5.13 or newer, with landlock in its list of lsm)",
                                "The worker is held by seccomp alone: this kernel has no Landlock");
        if (!hello->address_limit)
                plc_doctor_tell(doctor, "sandbox", PLC_HEALTH_WARNING,
                                "Use a release build: one with sanitizers cannot be limited",
                                "A worker's memory has no limit");
        plc_doctor_ok(doctor, "sandbox", "seccomp, Landlock %u and a limit of memory hold the worker%s",
                      hello->landlock_abi, hello->own_root ? ", which sees no file" : "");
}

static void worker(plc_doctor *doctor, const plc_conf *conf, struct plc_hello *out_hello)
{
        struct plc_pool_options options = {.workers = 1,
                                           .cpu_seconds = (uint32_t)conf->decode_cpu,
                                           .wall_seconds = (unsigned)conf->worker_wall,
                                           .memory_bytes = (uint64_t)conf->worker_memory};
        g_autoptr(plc_pool) pool = plc_pool_new(&options);
        g_autoptr(GString) told = g_string_new(NULL);
        struct plc_pool_stats stats;

        for (size_t i = 0; i < G_N_ELEMENTS(photos); i++) {
                g_autoptr(GError) error = NULL;

                if (try_photo(pool, conf, i, &error)) {
                        g_string_append_printf(told, "%s%s", i > 0 ? ", " : "", photos[i].format);
                        continue;
                }
                if (plc_error_code(error) == PLC_E_BAD_CONFIG) {
                        plc_doctor_error(doctor, "worker", error,
                                         "Without it no photo is taken in: install it beside placet, and look at what "
                                         "a container or service manager forbids");
                        return;
                }
                plc_doctor_tell(doctor, "worker", PLC_HEALTH_FAULT,
                                "Install what libvips needs for it (Debian 12: libvips42 and libheif1; later ones "
                                "also libheif-plugin-libde265)",
                                "The worker cannot work on a sound %s photo: %s", photos[i].format, error->message);
        }
        plc_pool_stats(pool, &stats);
        *out_hello = stats.sandbox;
        tell_sandbox(doctor, out_hello);
        plc_doctor_ok(doctor, "worker", "photos went through it, in every format that is taken in: %s", told->str);
}

/* --- what the system gives --- */

static void clock_kept(plc_doctor *doctor)
{
        struct timex state = {0};

        if (adjtimex(&state) == TIME_ERROR)
                plc_doctor_tell(
                        doctor, "clock", PLC_HEALTH_WARNING,
                        "Have it kept by NTP (such as systemd-timesyncd or chrony): permissions begin and end by it",
                        "Nobody keeps the system's clock right");
        plc_doctor_ok(doctor, "clock", "the system's clock is kept by somebody (NTP)");
}

static void open_files(plc_doctor *doctor, const plc_conf *conf)
{
        rlim_t wanted = (rlim_t)conf->connections + SERVE_FILES;
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || strcmp(conf->serve_listen, "off") == 0)
                return;
        if (limit.rlim_max < wanted)
                plc_doctor_tell(doctor, "limits", PLC_HEALTH_WARNING,
                                "Raise it (LimitNOFILE= of a systemd unit, ulimit -Hn), or lower [serve] connections",
                                "%llu open files are allowed here, [serve] connections = %lld needs %llu: "
                                "placet-serve takes fewer connections",
                                (unsigned long long)limit.rlim_max, (long long)conf->connections,
                                (unsigned long long)wanted);
        plc_doctor_ok(doctor, "limits", "open files suffice for %lld connections", (long long)conf->connections);
}

void plc_doctor_machine(plc_doctor *doctor)
{
        g_autoptr(plc_conf) standard = plc_conf_standard();
        const plc_conf *conf = doctor->conf != NULL ? doctor->conf : standard;
        struct plc_hello hello = {0};

        worker(doctor, conf, &hello);
        libraries(doctor, &hello);
        language_data(doctor);
        shipped(doctor);
        clock_kept(doctor);
        open_files(doctor, conf);
}
