/*
 * What does a question cost? `search PUBLIC` asks an index of make_index each of these a hundred times, the whole
 * answer of 12 items included, and prints CPU milliseconds an answer.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "index/find.h"

enum { ROUNDS = 100 };

static const struct {
        const char *sentence;
        struct plc_index_search search;
} rows[] = {
        {"a common word", {.words = "rain"}},
        {"the same, and where it stands", {.words = "rain", .matches = true}},
        {"two common words", {.words = "rain tent"}},
        {"a common word in Chinese", {.words = "防水"}},
        {"one character", {.words = "好"}},
        {"a phrase of pairs", {.words = "下雨非常"}},
        {"a word in Thai", {.words = "กันน้ำ"}},
        {"words that no text has together", {.words = "rain regen"}},
        {"a rare word", {.words = "kalomineruta"}},
        {"a word of no text", {.words = "xylophone"}},
        {"a common word, best first", {.words = "rain", .order = PLC_INDEX_TOP}},
        {"a common word, photos first", {.words = "rain", .order = PLC_INDEX_PHOTOS}},
        {"a common word, one star", {.words = "rain", .stars = 1}},
        {"a product, best first", {.product = "P000001", .order = PLC_INDEX_TOP}},
        {"a product, photos first", {.product = "P000001", .order = PLC_INDEX_PHOTOS}},
        {"a product, German first", {.product = "P000001", .order = PLC_INDEX_LOCAL, .in_language = "de"}},
        {"a product, in Japanese", {.product = "P000001", .language = "ja"}},
        {"a word in a product", {.product = "P000001", .words = "tent"}},
};

static double cpu_ms(void)
{
        struct timespec spent;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        return (double)spent.tv_sec * 1e3 + (double)spent.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
        struct plc_index_question q = {.channel = "pdp", .territory = "DE", .language = "", .labels = "de,en"};
        plc_index_reader *reader = argc == 2 ? plc_index_reader_new(argv[1]) : NULL;

        if (reader == NULL) {
                fprintf(stderr, "usage: search PUBLIC\n");
                return 2;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                double begun = cpu_ms();
                struct plc_index_found found = {0};

                for (int round = 0; round < ROUNDS; round++) {
                        const struct plc_index_place beginning = {0};
                        g_autoptr(GString) out = g_string_sized_new(16384);
                        g_autoptr(GError) error = NULL;
                        struct plc_index_state state;

                        if (!plc_index_read_begin(reader, plc_now_ms(), &state, &error))
                                g_error("%s", error->message);
                        q.now = state.now;
                        if (!plc_index_find(reader, &q, &rows[i].search, &beginning, 12, out, &found, &error))
                                g_error("%s: %s", rows[i].sentence, error->message);
                        plc_index_read_end(reader);
                }
                printf("%-34s %6.3f ms  %2zu items%s\n", rows[i].sentence, (cpu_ms() - begun) / ROUNDS, found.count,
                       found.more ? " and more" : "");
        }
        plc_index_reader_free(reader);
        return 0;
}
