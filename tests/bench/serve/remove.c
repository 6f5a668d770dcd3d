/*
 * How long does a removal hold the write lock, its words included? `remove PUBLIC` takes a hundred items out of an
 * index of make_index, one publication each, and a thousand in one; prints CPU and wall milliseconds from begin to
 * commit.
 */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "index/index.h"

enum { ALONE = 100, TOGETHER = 1000 };

static double ms(clockid_t clock)
{
        struct timespec now;

        clock_gettime(clock, &now);
        return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void remove_some(plc_index_writer *writer, const GPtrArray *items, guint from, guint n)
{
        g_autoptr(GError) error = NULL;
        bool ok = plc_index_begin(writer, &error);

        for (guint i = from; ok && i < from + n; i++)
                ok = plc_index_remove_item(writer, items->pdata[i], &error);
        if (!ok || !plc_index_commit_first(writer, plc_now_ms(), &error))
                g_error("%s", error->message);
}

int main(int argc, char **argv)
{
        g_autoptr(plc_index_writer) writer = NULL;
        g_autoptr(GPtrArray) items = NULL;
        g_autoptr(GError) error = NULL;
        double cpu, wall, worst = 0;

        if (argc != 2) {
                fprintf(stderr, "usage: remove PUBLIC\n");
                return 2;
        }
        if (!plc_index_writer_open(argv[1], NULL, &writer, &error) || !plc_index_list_items(writer, &items, &error))
                g_error("%s", error->message);
        if (items->len < ALONE + TOGETHER)
                g_error("%u items are too few", items->len);
        cpu = ms(CLOCK_PROCESS_CPUTIME_ID);
        wall = ms(CLOCK_MONOTONIC);
        for (guint i = 0; i < ALONE; i++) {
                double began = ms(CLOCK_MONOTONIC);

                remove_some(writer, items, i, 1);
                worst = MAX(worst, ms(CLOCK_MONOTONIC) - began);
        }
        printf("of %u items, one alone     %8.2f CPU ms  %8.2f ms  worst %.2f ms\n", items->len,
               (ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / ALONE, (ms(CLOCK_MONOTONIC) - wall) / ALONE, worst);
        cpu = ms(CLOCK_PROCESS_CPUTIME_ID);
        wall = ms(CLOCK_MONOTONIC);
        remove_some(writer, items, ALONE, TOGETHER);
        printf("%d together               %8.2f CPU ms  %8.2f ms\n", TOGETHER, ms(CLOCK_PROCESS_CPUTIME_ID) - cpu,
               ms(CLOCK_MONOTONIC) - wall);
        return 0;
}
