/* What does one reader see of one item, by its segments alone? Each row is a sentence. */
#include "unit/serve/sample.h"

#include "index/reader.h"

#define NONE PLC_INDEX_EDIT_NONE
#define CROP PLC_INDEX_EDIT_CROP
#define EXCERPT PLC_INDEX_EDIT_EXCERPT
#define TRANSLATE PLC_INDEX_EDIT_TRANSLATE
#define NAMED true
#define UNNAMED false

struct row {
        const char *sentence;
        struct {
                enum plc_index_edit edit;
                bool named;
                const char *territories, *language, *duties;
                int64_t from, until; /* hours after T0; until 0: no end */
        } segments[3];
        const char *territory, *language;
        int64_t at;              /* hours after T0 */
        const char *has, *lacks; /* has NULL: the item is not shown */
};

/* What a row leaves out is zero: no language, no duties, from T0 without end. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
/* clang-format off */
static const struct row rows[] = {
        {"a review with its name",
         {{NONE, NAMED, "DE"}}, "DE", "", 1, "\"author\":\"Marta K.\"", "excerpt\":\""},
        {"not elsewhere",
         {{NONE, NAMED, "DE"}}, "FR", "", 1, NULL, NULL},
        {"not for a reader of no country",
         {{NONE, NAMED, "DE"}}, NULL, "", 1, NULL, NULL},
        {"not before it begins",
         {{NONE, NAMED, "DE", .from = 2}}, "DE", "", 1, NULL, NULL},
        {"from its first instant",
         {{NONE, NAMED, "DE", .from = 1}}, "DE", "", 1, "Marta", NULL},
        {"not at its end",
         {{NONE, NAMED, "DE", .until = 1}}, "DE", "", 1, NULL, NULL},
        {"without the name where only that is allowed",
         {{NONE, UNNAMED, "DE"}}, "DE", "", 1, "\"author\":null", "Marta"},
        {"the name wins where both are open",
         {{NONE, UNNAMED, "DE"}, {NONE, NAMED, "DE"}}, "DE", "", 1, "Marta", NULL},
        {"but not the name of another country",
         {{NONE, UNNAMED, "DE"}, {NONE, NAMED, "FR"}}, "DE", "", 1, "\"author\":null", "Marta"},
        {"the name is over, the text is not",
         {{NONE, UNNAMED, "DE"}, {NONE, NAMED, "DE", .until = 1}}, "DE", "", 1, "\"author\":null", "Marta"},
        {"who does not want to be credited is not",
         {{NONE, NAMED, "DE", NULL, "NO_CREDIT"}}, "DE", "", 1, "\"author\":null", "Marta"},
        {"who must be credited is",
         {{NONE, NAMED, "DE", NULL, "CREDIT"}}, "DE", "", 1, "Marta", NULL},
        {"an excerpt needs its own permission",
         {{NONE, NAMED, "DE"}, {EXCERPT, NAMED, "DE"}}, "DE", "", 1, "\"excerpt\":\"Stands\"", NULL},
        {"that of another country is none",
         {{NONE, NAMED, "DE"}, {EXCERPT, NAMED, "FR"}}, "DE", "", 1, "\"excerpt\":null", NULL},
        {"an excerpt without the name is not put beside it",
         {{NONE, NAMED, "DE"}, {EXCERPT, UNNAMED, "DE"}}, "DE", "", 1, "\"excerpt\":null", NULL},
        {"changed but not as it is: nothing",
         {{NONE, NAMED, "FR"}, {EXCERPT, NAMED, "DE"}}, "DE", "", 1, NULL, NULL},
        {"a translation needs its own permission",
         {{NONE, NAMED, "DE"}, {TRANSLATE, NAMED, "DE"}}, "DE", "de", 1, "Steht in drei", NULL},
        {"else there is none",
         {{NONE, NAMED, "DE"}, {TRANSLATE, NAMED, "FR"}}, "DE", "de", 1, "\"translation\":null", "Steht"},
        {"nobody needs one into the language of the text",
         {{NONE, NAMED, "DE"}, {TRANSLATE, NAMED, "DE"}}, "DE", "en", 1, "\"translation\":null", "Steht"},
        {"a permission for German pages opens them",
         {{NONE, NAMED, "DE", "de"}}, "DE", "de", 1, "Marta", NULL},
        {"and no others",
         {{NONE, NAMED, "DE", "de"}}, "DE", "en", 1, NULL, NULL},
        {"nor pages of no language",
         {{NONE, NAMED, "DE", "de"}}, "DE", "", 1, NULL, NULL},
        {"a permission for any language opens German pages",
         {{NONE, NAMED, "DE"}}, "DE", "de", 1, "Marta", NULL},
        {"what is allowed where no language is asked need not be in one that was asked",
         {{NONE, NAMED, "DE", ""}}, "DE", "de", 1, NULL, NULL},
        {"it is where no language is asked",
         {{NONE, NAMED, "DE", ""}}, "DE", "", 1, "Marta", NULL},
        {"and where both were asked",
         {{NONE, NAMED, "DE", ""}, {NONE, NAMED, "DE", "de"}}, "DE", "de", 1, "Marta", NULL},
        {"in the language that was asked, edits of another do not count",
         {{NONE, NAMED, "DE", "de"}, {NONE, NAMED, "DE", "en"}, {EXCERPT, NAMED, "DE", "en"}}, "DE", "de", 1, "\"excerpt\":null", NULL},
        {"a reward is told",
         {{NONE, NAMED, "DE", NULL, "CREDIT DISCLOSE(free_product)"}}, "DE", "", 1, "\"connection\":\"free_product\"", NULL},
        {"where it is one",
         {{NONE, NAMED, "DE", NULL, "DISCLOSE(incentive)", .until = 1}, {NONE, NAMED, "DE", .from = 1}}, "DE", "", 1, "\"disclosure\":null", NULL},
};
/* clang-format on */
#pragma GCC diagnostic error "-Wmissing-field-initializers"

static void test_row(const void *data)
{
        const struct row *row = data;
        struct plc_index_translation translation = {.language = "de", .body = "Steht in drei Minuten.", .by = "human"};
        struct plc_index_segment segments[3];
        struct plc_index_state state;
        struct plc_index_page page;
        struct sample s;
        size_t n = 0;

        sample_open(&s);
        for (; n < G_N_ELEMENTS(segments) && row->segments[n].territories != NULL; n++) {
                segments[n] = open_in(row->segments[n].territories);
                segments[n].edit = row->segments[n].edit;
                segments[n].identity = row->segments[n].named;
                segments[n].language = row->segments[n].language;
                segments[n].duties = row->segments[n].duties;
                segments[n].from_ms = T0 + row->segments[n].from * HOUR;
                if (row->segments[n].until != 0)
                        segments[n].until_ms = T0 + row->segments[n].until * HOUR;
        }
        struct plc_index_item item = review("01AAAAAAAAAAAAAAAAAAAAAAAA", "en", "Stands in three minutes.");
        item.excerpt = "Stands";
        item.translations = &translation;
        item.n_translations = 1;
        put(&s, &item, segments, n, NULL, 0, T0);

        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        g_autoptr(GString) json = g_string_new("[");
        struct plc_index_cursor first = {.written_at = PLC_TIME_NEVER};
        OK(plc_index_read_begin(reader, T0 + row->at * HOUR, &state, &error));
        struct plc_index_question q = {.channel = "pdp",
                                       .territory = row->territory,
                                       .language = row->language,
                                       .labels = row->language[0] != '\0' ? row->language : "en",
                                       .now = state.now};
        OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, "TENT", &first, 10, json, &page, &error));
        plc_index_read_end(reader);
        g_test_message("%s: %s", row->sentence, json->str);
        g_assert_cmpuint(page.count, ==, row->has != NULL);
        if (row->has != NULL)
                g_assert_nonnull(strstr(json->str, row->has));
        if (row->lacks != NULL)
                g_assert_null(strstr(json->str, row->lacks));
        sample_close(&s);
}

/* A product with a hundred thousand segments that this reader may not see must not hold the server up: the page ends
 * early, with a cursor. */
static void test_bounded(void)
{
        struct sample s;
        struct plc_index_state state;
        struct plc_index_page page = {.more = true};
        struct plc_index_cursor after = {.written_at = PLC_TIME_NEVER};
        struct plc_index_segment fr = open_in("FR"), de = open_in("DE");
        size_t pages = 0, found = 0;

        sample_open(&s);
        OK(plc_index_begin(s.writer, &error));
        for (int i = 0; i < 9000; i++) {
                g_autofree char *id = g_strdup_printf("01AAAAAAAAAAAAAAAAAAAA%04d", i);
                struct plc_index_item item = review(id, "en", "x");
                OK(plc_index_put_item(s.writer, &item, i == 0 ? &de : &fr, 1, NULL, 0, &error));
        }
        OK(plc_index_commit(s.writer, T0, &error));
        g_autoptr(plc_index_reader) reader = plc_index_reader_new(s.dir);
        OK(plc_index_read_begin(reader, T0, &state, &error));
        struct plc_index_question q = {.channel = "pdp", .territory = "DE", .language = "", .now = T0};
        while (page.more) {
                g_autoptr(GString) json = g_string_new("[");
                OK(plc_index_list(reader, &q, PLC_INDEX_REVIEW, "TENT", &after, 10, json, &page, &error));
                after = page.next;
                found += page.count;
                pages++;
        }
        plc_index_read_end(reader);
        g_assert_cmpuint(pages, ==, 3);
        g_assert_cmpuint(found, ==, 1);
        sample_close(&s);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                g_autofree char *path = g_strdup_printf("/index/view/%s", rows[i].sentence);
                g_test_add_data_func(path, &rows[i], test_row);
        }
        g_test_add_func("/index/bounded", test_bounded);
        return g_test_run();
}
