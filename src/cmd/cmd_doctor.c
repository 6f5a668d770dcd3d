/* placet doctor: is this machine, and this site, fit to go live, and to stay so? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/doctor.h"

static int run(int argc, char **argv);
static gboolean as_json;
static const GOptionEntry options[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print one JSON object", NULL},
        G_OPTION_ENTRY_NULL,
};

const struct plc_cmd plc_cmd_doctor = {
        .name = "doctor",
        .args = "[SITE] [--json]",
        .help = "Check the machine, and a site with all that runs on it, before and after going live. A line for each "
                "check: ok, warning or fault, and what to do. Changes nothing, and works whether an office runs or "
                "not. Without a SITE only the machine is looked at. Exit status 1: there is a fault; warnings alone "
                "are 0.",
        .example = "placet doctor shop",
        .run = run,
};

static const char *const words[] = {"ok", "warning", "fault"};

static void check_free(gpointer data)
{
        struct plc_check *check = data;

        g_free(check->text);
        g_free(check->remedy);
        g_free(check);
}

static char *without_stop(const char *sentence)
{
        size_t size = strlen(sentence);

        return g_strndup(sentence, size > 0 && sentence[size - 1] == '.' ? size - 1 : size);
}

static void add(plc_doctor *doctor, const char *name, enum plc_health health, const char *remedy, const char *text)
{
        struct plc_check *check = g_new0(struct plc_check, 1);

        check->name = name;
        check->health = health;
        check->text = without_stop(text);
        check->remedy = remedy != NULL ? without_stop(remedy) : NULL;
        g_ptr_array_add(doctor->checks, check);
}

void plc_doctor_ok(plc_doctor *doctor, const char *name, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        for (guint i = 0; i < doctor->checks->len; i++)
                if (strcmp(((struct plc_check *)doctor->checks->pdata[i])->name, name) == 0)
                        return;
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        add(doctor, name, PLC_HEALTH_OK, NULL, text);
}

void plc_doctor_tell(plc_doctor *doctor, const char *name, enum plc_health health, const char *remedy,
                     const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        add(doctor, name, health, remedy, text);
}

void plc_doctor_error(plc_doctor *doctor, const char *name, const GError *error, const char *remedy)
{
        const char *known = plc_error_remedy(error);

        add(doctor, name, PLC_HEALTH_FAULT, known != NULL ? known : remedy, error->message);
}

static unsigned count(const plc_doctor *doctor, enum plc_health health)
{
        unsigned n = 0;

        for (guint i = 0; i < doctor->checks->len; i++)
                n += ((struct plc_check *)doctor->checks->pdata[i])->health == health;
        return n;
}

static void print_json(const plc_doctor *doctor)
{
        g_autoptr(GString) out = g_string_new(NULL);

        plc_jw_object(out, NULL);
        plc_jw_bool(out, "ok", count(doctor, PLC_HEALTH_FAULT) == 0);
        plc_jw_int(out, "faults", count(doctor, PLC_HEALTH_FAULT));
        plc_jw_int(out, "warnings", count(doctor, PLC_HEALTH_WARNING));
        plc_jw_array(out, "checks");
        for (guint i = 0; i < doctor->checks->len; i++) {
                const struct plc_check *check = doctor->checks->pdata[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "check", check->name);
                plc_jw_string(out, "state", words[check->health]);
                plc_jw_string(out, "text", check->text);
                plc_jw_string(out, "remedy", check->remedy);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
        puts(out->str);
}

static void print_words(const plc_doctor *doctor)
{
        unsigned faults = count(doctor, PLC_HEALTH_FAULT), warnings = count(doctor, PLC_HEALTH_WARNING);

        for (guint i = 0; i < doctor->checks->len; i++) {
                const struct plc_check *check = doctor->checks->pdata[i];

                printf("%-8s %-12s %s.%s%s%s\n", words[check->health], check->name, check->text,
                       check->remedy != NULL ? " " : "", check->remedy != NULL ? check->remedy : "",
                       check->remedy != NULL ? "." : "");
        }
        printf("%u checks: %u fault%s, %u warning%s.\n", doctor->checks->len, faults, faults == 1 ? "" : "s", warnings,
               warnings == 1 ? "" : "s");
}

static void show_progress(const char *part, int64_t done, void *user_data)
{
        (void)user_data;
        fprintf(stderr, "\r\033[K%s: %" G_GINT64_FORMAT, part, done);
}

/* The current folder is taken for a site only if it is one: the machine is looked at before there is any. */
static const char *site_of(const char *given)
{
        const char *path = plc_cmd_site(given);

        return given != NULL || strcmp(path, ".") != 0 || g_file_test("placet.conf", G_FILE_TEST_EXISTS) ? path : NULL;
}

static int run(int argc, char **argv)
{
        plc_doctor doctor = {.progress = isatty(STDERR_FILENO) ? show_progress : NULL};
        int status;

        if (!plc_cmd_parse(&plc_cmd_doctor, options, &argc, &argv))
                return 2;
        if (argc > 2)
                return plc_cmd_usage(&plc_cmd_doctor, "at most one SITE is taken");
        plc_log_quiet(true);
        doctor.path = site_of(argc == 2 ? argv[1] : NULL);
        doctor.checks = g_ptr_array_new_with_free_func(check_free);
        if (doctor.path != NULL)
                plc_doctor_site(&doctor);
        plc_doctor_machine(&doctor);
        if (doctor.conf != NULL)
                plc_doctor_running(&doctor);
        if (doctor.progress != NULL)
                fputs("\r\033[K", stderr);
        if (as_json)
                print_json(&doctor);
        else
                print_words(&doctor);
        status = count(&doctor, PLC_HEALTH_FAULT) > 0 ? 1 : 0;
        plc_site_close(doctor.site);
        plc_conf_free(doctor.conf);
        g_ptr_array_unref(doctor.checks);
        return status;
}
