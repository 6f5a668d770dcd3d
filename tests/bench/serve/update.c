/*
 * What does it cost to bring an index up to date that an older version has written, or one whose site speaks other
 * languages now? `update PUBLIC LANGUAGE…` opens PUBLIC/index.db as the office does and tells the CPU seconds.
 */
#include <stdio.h>
#include <time.h>

#include "index/index.h"

int main(int argc, char **argv)
{
        g_autoptr(plc_index_writer) writer = NULL;
        g_autoptr(GError) error = NULL;
        struct timespec spent;

        if (argc < 3) {
                fputs("a public/ folder and the site's languages are needed, the first first\n", stderr);
                return 2;
        }
        if (!plc_index_writer_open(argv[1], (const char *const *)argv + 2, &writer, &error) ||
            !plc_index_empty_log(writer, &error)) {
                fprintf(stderr, "%s\n", error->message);
                return 1;
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        printf("%.1f CPU seconds\n", (double)spent.tv_sec + (double)spent.tv_nsec / 1e9);
        return 0;
}
