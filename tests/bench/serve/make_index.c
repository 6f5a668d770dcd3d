/*
 * Where does a published index of a million reviews come from? From here, through the real writer, the same one each
 * time: `make_index OUT [--reviews N] [--products N] [--photos PERCENT]` makes OUT/public (index.db and assets) and
 * OUT/media.txt, one address of a rendition a line. Products are P000000, P000001, …; a review is about 500 characters
 * in one of six languages, and each has "tent" or its word once in ten; rarer words are syllables.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/id.h"
#include "index/index.h"

#define BEGINNING INT64_C(1577836800000) /* 2020-01-01 */
#define SPAN (INT64_C(6) * 365 * PLC_DAY_MS)
#define ASSETS 256
#define ASSET_BYTES ((size_t)60 * 1024)

static gint reviews = 100000, products = 10000, photos = 20;
static const GOptionEntry options[] = {
        {"reviews", 0, 0, G_OPTION_ARG_INT, &reviews, "How many reviews", "N"},
        {"products", 0, 0, G_OPTION_ARG_INT, &products, "Of how many products", "N"},
        {"photos", 0, 0, G_OPTION_ARG_INT, &photos, "Percent of the reviews that have a photo", "PERCENT"},
        G_OPTION_ENTRY_NULL,
};

static const struct {
        const char *language, *country, *tent, *between;
        const char *words[16];
} tongues[] = {
        {"en",
         "GB",
         "tent",
         " ",
         {"the", "rain", "very", "good", "stood", "firm", "zipper", "broke", "after", "nights", "would", "buy", "again",
          "light", "and", "colour"}},
        {"de",
         "DE",
         "Zelt",
         " ",
         {"das", "Regen", "sehr", "gut", "stand", "fest", "Reißverschluss", "brach", "nach", "Nächten", "würde",
          "wieder", "kaufen", "leicht", "und", "Farbe"}},
        {"fr",
         "FR",
         "tente",
         " ",
         {"la", "pluie", "très", "bonne", "solide", "fermeture", "cassée", "après", "nuits", "achèterais", "encore",
          "légère", "et", "couleur", "vent", "facile"}},
        {"zh-Hans",
         "CN",
         "帐篷",
         "",
         {"这个", "下雨", "非常", "好", "结实", "拉链", "坏了", "以后", "晚上", "还会", "再买", "很轻", "和", "颜色",
          "防水", "质量"}},
        {"ja",
         "JP",
         "テント",
         "",
         {"この", "雨", "とても", "良い", "丈夫", "ファスナー", "壊れた", "後", "夜", "また", "買う", "軽い", "色",
          "防水", "品質", "です"}},
        {"th",
         "TH",
         "เต็นท์",
         "",
         {"นี้", "ฝน", "มาก", "ดี", "แข็งแรง", "ซิป", "พัง", "หลังจาก", "คืน", "จะ", "ซื้อ", "อีก", "เบา", "และ", "สี", "กันน้ำ"}},
};

static uint64_t state = 88172645463325252ULL; /* xorshift64: the same index on every machine */
static uint32_t draw(uint32_t below)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (uint32_t)((state >> 11) % below);
}

static void make_id(char out[PLC_ID_SIZE])
{
        uint8_t bytes[16];

        for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (uint8_t)draw(256);
        plc_id_from(bytes, out);
}

/* A word that few reviews have: 64^3 of them, the smaller numbers more often. */
static void add_rare(GString *out)
{
        static const char *const syllables[] = {"ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo"};
        uint32_t n = draw(1 + draw(262144));

        for (int i = 0; i < 6; i++, n /= 8)
                g_string_append(out, syllables[n % 8]);
}

static char *make_text(size_t tongue, bool tent)
{
        GString *out = g_string_new(NULL);
        size_t wanted = 300 + draw(400), words = 0;

        while (out->len < wanted) {
                if (words++ > 0)
                        g_string_append(out, words % 12 == 0 ? ". " : tongues[tongue].between);
                if (tent && words == 6)
                        g_string_append(out, tongues[tongue].tent);
                else if (draw(12) == 0) {
                        g_string_append_c(out, ' ');
                        add_rare(out);
                        g_string_append_c(out, ' ');
                } else
                        g_string_append(out, tongues[tongue].words[draw(1 + draw(16))]);
        }
        return g_string_free(out, FALSE);
}

struct making {
        plc_index_writer *writer;
        struct plc_index_territories world;
        char assets[ASSETS][PLC_SHA256_HEX_SIZE];
        FILE *media;
        GHashTable *sums; /* product → struct plc_index_summary */
};

/* As the publisher writes them: with the name and without, as it is and changed, for the product and without one. */
static size_t make_segments(const struct making *m, const char *product, enum plc_index_kind kind,
                            struct plc_index_segment *out)
{
        enum plc_index_edit other = kind == PLC_INDEX_PHOTO ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_EXCERPT;
        size_t n = 0;

        for (int with = 0; with <= 1; with++)
                for (int edit = 0; edit <= 1; edit++)
                        for (int named = 1; named >= 0; named--)
                                out[n++] = (struct plc_index_segment){
                                        .product = with ? product : "",
                                        .channel = "pdp",
                                        .edit = edit ? other : PLC_INDEX_EDIT_NONE,
                                        .identity = named != 0,
                                        .from_ms = BEGINNING,
                                        .until_ms = PLC_TIME_NEVER,
                                        .territories = m->world,
                                };
        return n;
}

static bool put_photo(struct making *m, const struct plc_index_item *of, const char *product, GError **error)
{
        static const int widths[] = {160, 320, 640, 1280};
        struct plc_index_rendition renditions[G_N_ELEMENTS(widths) * 2];
        struct plc_index_segment segments[8];
        struct plc_index_tag tag = {product, true, 0.4, 0.6};
        char id[PLC_ID_SIZE], key[PLC_ID_SIZE];
        struct plc_index_item photo = *of;
        size_t n = 0;

        make_id(id);
        make_id(key);
        for (char *c = key; *c != '\0'; c++)
                *c = g_ascii_tolower(*c);
        photo.id = id;
        photo.kind = PLC_INDEX_PHOTO;
        photo.key = key;
        photo.width = 1600;
        photo.height = 1200;
        photo.role = "scene";
        photo.alt = "A tent";
        photo.placeholder = "thumbhash:3OcRJYB4d3h/iIeHeEh3eIhw+j2w";
        photo.tags = &tag;
        photo.n_tags = 1;
        for (size_t w = 0; w < G_N_ELEMENTS(widths); w++)
                for (int webp = 0; webp <= 1; webp++)
                        renditions[n++] = (struct plc_index_rendition){
                                .preset = "pdp-card",
                                .name = g_intern_string(
                                        g_strdup_printf("pdp-card.%d.%s", widths[w], webp ? "webp" : "jpg")),
                                .channel = "pdp",
                                .sha256 = m->assets[draw(ASSETS)],
                                .extension = "jpg",
                                .type = webp ? "image/webp" : "image/jpeg",
                                .width = (uint32_t)widths[w],
                                .height = (uint32_t)widths[w] * 3 / 4,
                                .bytes = ASSET_BYTES,
                        };
        fprintf(m->media, "/m/%s/pdp-card.640.jpg\n", key);
        return plc_index_put_item(m->writer, &photo, segments, make_segments(m, product, PLC_INDEX_PHOTO, segments),
                                  renditions, n, error);
}

static bool put_review(struct making *m, GError **error)
{
        struct plc_index_segment segments[8];
        size_t tongue = draw(G_N_ELEMENTS(tongues));
        g_autofree char *text = make_text(tongue, draw(10) == 0);
        g_autofree char *title = make_text(tongue, false);
        g_autofree char *excerpt = NULL;
        char id[PLC_ID_SIZE], product[16];
        struct plc_index_summary *sum;
        /* Half of the reviews are about a tenth of the products. */
        uint32_t which = draw(2) == 0 ? draw(MAX(1, (uint32_t)products / 10)) : draw((uint32_t)products);
        struct plc_index_item item = {
                .id = id,
                .kind = PLC_INDEX_REVIEW,
                .group = id,
                .written_at = BEGINNING + (int64_t)draw((uint32_t)(SPAN / 1000)) * 1000,
                .language = tongues[tongue].language,
                .verification = "order",
                .author = "Marta K.",
                .country = tongues[tongue].country,
                .has_rating = true,
                .rating = 5 - (double)draw(1 + draw(5)),
                .rating_min = 1,
                .rating_max = 5,
                .title = title,
                .text = text,
        };

        g_snprintf(product, sizeof product, "P%06u", which);
        make_id(id);
        *g_utf8_offset_to_pointer(title, MIN(30, g_utf8_strlen(title, -1))) = '\0';
        item.excerpt = excerpt = g_utf8_substring(text, 0, MIN(160, g_utf8_strlen(text, -1)));
        sum = g_hash_table_lookup(m->sums, product);
        if (sum == NULL)
                g_hash_table_insert(m->sums, g_strdup(product), sum = g_new0(struct plc_index_summary, 1));
        sum->average = (sum->average * (double)sum->count + item.rating) / (double)(sum->count + 1);
        sum->count++;
        sum->stars[(int)item.rating - 1]++;
        return plc_index_put_item(m->writer, &item, segments, make_segments(m, product, item.kind, segments), NULL, 0,
                                  error) &&
               (draw(100) >= (uint32_t)photos || put_photo(m, &item, product, error));
}

static bool put_summaries(struct making *m, GError **error)
{
        GHashTableIter iter;
        gpointer product, sum;

        g_hash_table_iter_init(&iter, m->sums);
        while (g_hash_table_iter_next(&iter, &product, &sum))
                if (!plc_index_put_summary(m->writer, product, sum, error))
                        return false;
        return true;
}

static bool make_assets(struct making *m, const char *public_dir, GError **error)
{
        g_autofree uint8_t *bytes = g_malloc(ASSET_BYTES);

        for (size_t i = 0; i < ASSETS; i++) {
                g_autofree char *folder = NULL, *path = NULL;

                for (size_t b = 0; b < ASSET_BYTES; b++)
                        bytes[b] = (uint8_t)draw(256);
                plc_sha256_hex(bytes, ASSET_BYTES, m->assets[i]);
                folder = g_strdup_printf("%s/assets/%.2s", public_dir, m->assets[i]);
                path = g_strdup_printf("%s/%s.jpg", folder, m->assets[i] + 2);
                if (g_mkdir_with_parents(folder, 0755) != 0)
                        return plc_fail_errno(error, errno, "cannot make %s", folder);
                if (!g_file_set_contents(path, (const char *)bytes, ASSET_BYTES, error))
                        return false;
        }
        return true;
}

static bool make(const char *out, GError **error)
{
        static const char *const languages[] = {"en", "de", NULL}; /* as bench.py says them to the server */
        g_autofree char *public_dir = g_build_filename(out, "public", NULL);
        g_autofree char *media = g_build_filename(out, "media.txt", NULL);
        struct making m = {0};
        bool ok = g_mkdir_with_parents(public_dir, 0755) == 0 && (m.media = fopen(media, "w")) != NULL;

        if (!ok)
                return plc_fail_errno(error, errno, "cannot write into %s", out);
        m.sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        plc_index_territories_add_world(&m.world);
        ok = make_assets(&m, public_dir, error) && plc_index_writer_open(public_dir, languages, &m.writer, error);
        ok = ok && plc_index_begin_whole(m.writer, error);
        for (int done = 0; ok && done < reviews; done++) {
                ok = put_review(&m, error);
                if (done % 10000 == 0)
                        fprintf(stderr, "\r%d reviews ", done);
        }
        ok = ok && put_summaries(&m, error) && plc_index_commit(m.writer, BEGINNING + SPAN, error) &&
             plc_index_renew_lease(m.writer, plc_now_ms(), 0, error);
        fputs("\n", stderr);
        plc_index_writer_close(m.writer);
        fclose(m.media);
        g_hash_table_unref(m.sums);
        return ok;
}

int main(int argc, char **argv)
{
        g_autoptr(GOptionContext) context = g_option_context_new("OUT");
        g_autoptr(GError) error = NULL;
        struct timespec spent;

        g_option_context_add_main_entries(context, options, NULL);
        if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 2) {
                fprintf(stderr, "%s\n", error != NULL ? error->message : "one folder, OUT, is needed");
                return 2;
        }
        if (!make(argv[1], &error)) {
                fprintf(stderr, "%s\n", error->message);
                return 1;
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
        printf("%d reviews of %d products in %.1f CPU seconds\n", reviews, products,
               (double)spent.tv_sec + (double)spent.tv_nsec / 1e9);
        return 0;
}
