/* What do the files of serve/ share? */
#pragma once
#include "blob/blob.h"
#include "http/http.h"
#include "index/find.h"
#include "index/reader.h"
#include "serve/serve.h"

enum {
#define PLC_ROUTE(method, pattern, params, function) ROUTE_##function,
#include "serve/routes.def"
#undef PLC_ROUTE
        PLC_ROUTES
};

/* What was made of a `lang` that was asked before: looking at tags asks ICU, 3 µs of each answer (measured). */
#define PLC_SERVE_LANGUAGES 16
struct plc_serve_language {
        char asked[36];
        const char *site; /* the best of the site's own; "" none suits */
        char *labels;     /* NULL: nothing is remembered here */
};

struct plc_serve {
        struct plc_serve_config config;
        struct plc_serve_language languages[PLC_SERVE_LANGUAGES];
        unsigned next_language; /* the one to be forgotten next */
        plc_index_reader *reader;
        plc_blobs *assets; /* NULL until the folder is there */
        plc_http_server *http;
        struct plc_serve_keep *keep;
        struct plc_serve_counts *counts;
        struct plc_serve_mail *mail;
        GSource *reread;                     /* of the spool */
        const struct plc_http_route *routes; /* PLC_ROUTES of them */
        int64_t told[PLC_E_COUNT_];          /* when a fault of that code was last logged, µs */
};

/* Into the log, once a minute for each code: of faults that are answered in another way than by a problem. */
void plc_serve_tell(plc_serve *serve, const GError *error);

/* --- question.c: the parameters that lists have in common
 * -------------------------------------------------------------------------- */

struct plc_serve_question {
        struct plc_index_question index; /* channel, territory, language, labels, now */
        struct plc_index_state state;
        char territory[3];
        const char *labels; /* canonical tag that was asked for, then the site's first language */
        const char *lang;   /* as given, or NULL */
        int64_t limit;
        bool territory_from_header;
};

/* Reads the parameters and begins reading the index; pair with plc_serve_question_end also after a failure. */
bool plc_serve_question_begin(plc_serve *serve, const plc_http_request *request, struct plc_serve_question *out,
                              GError **error);
void plc_serve_question_end(plc_serve *serve, struct plc_serve_question *question);
/* What is remembered of languages, when the site's own are others. */
void plc_serve_languages_forget(plc_serve *serve);

/* base64url of "r.WRITTEN.ITEM" (lists) or "b.VERSION.PLACE" (bundles): only a place in a list, it opens nothing. Free
 * with g_free. */
char *plc_serve_cursor_write(char kind, int64_t number, const char *rest);
#define PLC_SERVE_CURSOR_FORM "one that an earlier answer gave in `next`"
/* False without an error for anything that plc_serve_cursor_write has not written. `rest` takes 64 bytes. */
bool plc_serve_cursor_read(const char *text, char kind, int64_t *out_number, char *out_rest);

/* Seconds from now: at most `max_age`, and never beyond `until` (ms) or the lease. */
int64_t plc_serve_max_age(const struct plc_index_state *state, int64_t max_age, int64_t until);
/* The same as Cache-Control; must-revalidate. */
void plc_serve_cache(plc_http_response *response, const struct plc_index_state *state, int64_t max_age, int64_t until);

/* --- lists.c
 * ------------------------------------------------------------------------------------------------------------------------
 */

/*
 * The answer of a product's list as JSON; what the page is made of too, so that it cannot show more. `response`: what
 * of it is there compressed already is told there; or NULL.
 */
bool plc_serve_product_list(plc_serve *serve, const plc_http_request *request, struct plc_serve_question *question,
                            enum plc_index_kind kind, const char *route, plc_http_response *response,
                            GString **out_json, int64_t *out_until, GError **error);
/* ETag (weak, over all but as_of), Cache-Control, Vary, body; and remembered. */
void plc_serve_finish(plc_serve *serve, const plc_http_request *request, const struct plc_serve_question *question,
                      plc_http_response *response, const char *type, GString *body, const char *without, int64_t until);

/* Cache-Tag: "product:TENT", as the tags of the purge list (publish/purge.h). Only on what is shown. */
void plc_serve_tag(plc_http_response *response, const char *kind, const char *id);

/* The only part of an answer that differs from one moment to the next: "as_of":"…". Free with g_free. */
char *plc_serve_as_of(const struct plc_serve_question *question);

/* --- words.c: what pages and the widget say themselves; words.def */

struct plc_serve_words {
        const char *language, *heading, *more, *none, *photo, *reviews, *translation;
        const char *photos, *all, *close, *previous, *next, *report, *failed;
};
/* Tags by preference, as plc_text_language_score takes them: `lang` (NULL: not given), then Accept-Language. Only for
 * answers that nobody keeps. Free with g_free; NULL: nothing is asked for. */
char *plc_serve_asked(const plc_http_request *request, const char *lang);
/* Which of `n` rows of `size` bytes, each of which begins with its language (const char *), suits best? n: none. */
size_t plc_serve_row_for(const char *wanted, const void *rows, size_t n, size_t size);
/* In the language of words.def that suits best. */
const struct plc_serve_words *plc_serve_words_for(const char *wanted);
#define PLC_SERVE_LOCALE_SIZE 12 /* zh-Hant-HK */
/* The same with the reader's region for a language, where they told one: dates of en-GB are not those of en-US. `room`
 * holds it. */
struct plc_serve_words plc_serve_words_of_reader(const char *wanted, char room[PLC_SERVE_LOCALE_SIZE]);
/* A JSON object of the one sentence that the widget needs when nothing answers: language → `failed`, of the site's
 * languages, the first one first. */
void plc_serve_write_failed(const plc_serve *serve, GString *out);

/* --- html.c: what the pages have in common */

void plc_html_text(GString *out, const char *text);
/* <open>text</close>, nothing for NULL. */
void plc_html_in(GString *out, const char *open, const char *text, const char *close);
const char *plc_serve_name(const plc_serve *serve); /* of the site, for a page's head */
/* Short enough to be a BCP 47 tag, or NULL; else 400. */
bool plc_serve_lang_fits(const char *lang, GError **error);
/* Up to <body>; the title is "title · of" (NULL: without). `policy`: what of CSP is not the same on all pages. */
GString *plc_html_begin(plc_http_response *response, const char *language, const char *title, const char *of,
                        const char *policy);

/* --- report_page.c: reporting without JavaScript */

/* Did a browser's form ask, whose reader wants to read the answer? */
bool plc_serve_wants_page(const plc_http_request *request);
/* Thanks with the reference; or, without one, that it was not taken. */
void plc_serve_report_page(plc_serve *serve, const plc_http_request *request, plc_http_response *response,
                           const char *reference);

/* --- counts.c: what is told of requests */

struct plc_serve_counts *plc_serve_counts_new(void); /* free with g_free */
void plc_serve_count(const struct plc_http_told *told, void *context);

/* --- keep.c: answers that are given again */

struct plc_serve_keep *plc_serve_keep_new(void);
void plc_serve_keep_free(struct plc_serve_keep *keep);
/* Of the server: asked before a request is read any further. */
plc_http_kept *plc_serve_recall(const plc_http_request *request, const char *target, void *context);
/*
 * The answer is complete and was made in this state of the index; max_age and until as in plc_serve_cache. Only for
 * answers that depend on nothing but the target, the territory header, the index and the time.
 */
void plc_serve_remember(plc_serve *serve, const plc_http_request *request, plc_http_response *response,
                        const struct plc_index_state *state, int64_t max_age, int64_t until);
/* At once, whatever was kept: after anything but a publication changed what may be answered. */
void plc_serve_forget(struct plc_serve_keep *keep);
size_t plc_serve_kept_bytes(const struct plc_serve_keep *keep);
size_t plc_serve_kept_files(const struct plc_serve_keep *keep);

void plc_serve_write_question(GString *out, const struct plc_serve_question *question);
/* The same question again, further on. */
void plc_serve_write_next(GString *out, const plc_http_request *request, const char *base, const char *cursor);

/* --- search.c: filters and orders of lists, and what is found by words */

struct plc_serve_search {
        struct plc_index_search index; /* borrows from the request and from here */
        struct plc_index_place after;
        char *language, *in_language;
        bool asked; /* there is a filter or an order: without one, a list is read as it stands */
};
/* Pair with plc_serve_search_clear also after a failure. */
bool plc_serve_search_read(const plc_http_request *request, const struct plc_serve_question *question,
                           const char *product, enum plc_index_kind kind, struct plc_serve_search *out, GError **error);
void plc_serve_search_clear(struct plc_serve_search *search);
/* Appends the member "facets" where `facets=true` asks for it (BAD_REQUEST for anything but true and false); *until may
 * come down. */
bool plc_serve_write_facets(plc_serve *serve, const plc_http_request *request,
                            const struct plc_serve_question *question, const struct plc_index_search *search,
                            GString *out, int64_t *until, GError **error);
/* Appends the items; *out_next: the cursor of the next page, or NULL; free with g_free. */
bool plc_serve_search_write(plc_serve *serve, const plc_http_request *request,
                            const struct plc_serve_question *question, struct plc_serve_search *search, GString *out,
                            char **out_next, int64_t *out_until, GError **error);

/* --- mail.c: what strangers have to say, on its way to the office */

#define PLC_SERVE_BODY_MAX ((size_t)16 * 1024) /* 1,000 characters, each written as %F0%9F%93%B7, and the rest */
struct plc_serve_mail *plc_serve_mail_new(int spool_fd);
void plc_serve_mail_free(struct plc_serve_mail *mail);
/* TOO_OFTEN, BUSY (the spool is full), UNREACHABLE (there is none). Durable when it returns; fills in id, at, from. */
struct plc_report;
bool plc_serve_mail_report(plc_serve *serve, const plc_http_request *request, struct plc_report *report,
                           GError **error);

/* Hidden at once, also where it cannot be spooled (BUSY, IO …: it is not durable then). Fills in id and at. */
struct plc_spool_withdrawal;
bool plc_serve_mail_withdraw(plc_serve *serve, struct plc_spool_withdrawal *withdrawal, GError **error);
/*
 * Hides what the spool says was taken back, and nothing else. The office removes a file only after the index has let go
 * of what it names, so what stands in neither may be shown. After a failure what was hidden stays so.
 */
bool plc_serve_mail_read(plc_serve *serve, GError **error);

/* --- media.c */

/* The file in public/assets as the body, with its entity tag; INTERNAL if it is not as the index says. */
bool plc_serve_send_asset(plc_serve *serve, plc_http_response *response, const struct plc_index_media *media,
                          GError **error);

/* --- tile.c: what stands in a mail where a photo may not be shown any more */

/* A plain grey JPEG (baseline, one component), of the size alone: a byte for every 256 pixels. */
GBytes *plc_serve_tile(unsigned width, unsigned height);
#define PLC_SERVE_TILE_SIDE 4096 /* at most: 64 KiB */

/* Tells a fault of ours in the log, each kind once a minute. */
void plc_serve_tell(plc_serve *serve, const GError *error);

/* --- the handlers of routes.def
 * ------------------------------------------------------------------------------------------------------ */
#define PLC_ROUTE(method, pattern, params, function)                                                                   \
        bool plc_route_##function(const plc_http_request *request, plc_http_response *response, void *context,         \
                                  GError **error);
#include "serve/routes.def"
#undef PLC_ROUTE
