/*
 * What does publication cost? On a site of `publish [REVIEWS [PRODUCTS]]` (5,000 of 500) approved reviews with
 * their consents: CPU seconds of an index written anew, for 100,000 reviews; then CPU and wall milliseconds until one
 * review that was just approved can be seen, and until one is gone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "publish/rebuild.h"
#include "support/site.h"

enum { ROUNDS = 50 };

static double seconds(clockid_t clock)
{
        struct timespec now;

        clock_gettime(clock, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* About 400 characters, every tenth word its own. */
static char *make_text(int n)
{
        static const char *const words[] = {"the", "tent",  "stood", "firm",  "in",  "rain", "and",   "wind",
                                            "all", "night", "we",    "would", "buy", "it",   "again", "light"};
        GString *out = g_string_new(NULL);

        for (int i = 0; i < 80; i++) {
                if (i % 10 == 9)
                        g_string_append_printf(out, "rare%d ", (n * 31 + i) % 9973);
                else
                        g_string_append_printf(out, "%s ", words[(n * 7 + i * 3) % 16]);
        }
        return g_string_free(out, FALSE);
}

static void add(struct test_site *s, int n, int products)
{
        g_autofree char *text = make_text(n), *name = g_strdup_printf("i%d", n);
        g_autofree char *product = g_strdup_printf("P%d", n % products), *id = g_strdup_printf("s%d", n);
        g_autofree char *person = g_strdup_printf("c%d", n);
        g_autofree char *said =
                g_strdup_printf("1 item %s review by=c%d in=s%d identity; 1 disclose %s none; 2 approve %s; "
                                "2 give g%d licence submission:s%d ch=pdp,home,email to=WW; "
                                "2 give d%d data submission:s%d ch=pdp,home,email to=WW",
                                name, n, n, name, name, n, n, n, n);
        struct site_item item = {.name = name,
                                 .kind = "review",
                                 .body = text,
                                 .display_name = "Marta K.",
                                 .country = "PL",
                                 .product = product,
                                 .submission = id,
                                 .contributor = person,
                                 .rating = 1 + n % 5,
                                 .written_at = site_day(1) + n * 1000,
                                 .state = PLC_ITEM_APPROVED};

        site_put(s, &item);
        site_say(s, said);
}

static void measure_one(struct test_site *s, const char *sentence, bool lift)
{
        double cpu = 0, wall = 0, worst = 0;

        for (int i = 1; i <= ROUNDS; i++) {
                g_autofree char *said =
                        lift ? g_strdup_printf("4 lift h%d", i) : g_strdup_printf("3 hold h%d item:i%d", i, i);
                g_autofree char *name = g_strdup_printf("i%d", i);
                double began_cpu, began, took;

                site_say(s, said);
                began_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
                began = seconds(CLOCK_MONOTONIC);
                site_publish(s, name, 90);
                took = seconds(CLOCK_MONOTONIC) - began;
                cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu;
                wall += took;
                worst = MAX(worst, took);
        }
        printf("%-34s %8.2f CPU ms  %8.2f ms  worst %.2f ms\n", sentence, cpu * 1e3 / ROUNDS, wall * 1e3 / ROUNDS,
               worst * 1e3);
}

int main(int argc, char **argv)
{
        int n = argc > 1 ? atoi(argv[1]) : 5000, products = argc > 2 ? atoi(argv[2]) : 500;
        struct plc_rebuilt done;
        g_autoptr(GError) error = NULL;
        struct test_site s;
        double began;

        if (n < 2 * ROUNDS || n > 9999 || products < 1) {
                fprintf(stderr, "usage: publish [REVIEWS [PRODUCTS]]: reviews from %d to 9999\n", 2 * ROUNDS);
                return 2;
        }
        site_open(&s, NULL);
        for (int i = 1; i <= n; i++)
                add(&s, i, products);
        for (int round = 0; round < 2; round++) {
                began = seconds(CLOCK_PROCESS_CPUTIME_ID);
                if (!plc_publish_rebuild(&s.site->publisher, site_day(90), &done, &error))
                        g_error("%s", error->message);
                printf("%-34s %8.1f CPU s for 100,000 reviews\n", round == 0 ? "a new index" : "the same again",
                       (seconds(CLOCK_PROCESS_CPUTIME_ID) - began) * 100000 / n);
                g_ptr_array_unref(done.to_render);
        }
        measure_one(&s, "one is held and gone", false);
        measure_one(&s, "one is let go and seen", true);
        site_close(&s);
        return 0;
}
