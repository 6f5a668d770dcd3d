/*
 * Which answers are kept in memory, and when may one be given again? Only while it would be made the same: of the same
 * publication of the same file, before anything in it ends, with a lease that runs. Whether something was published is
 * asked of the index for every single request (plc_index_look), so what was withdrawn is never answered from here.
 */
#include "base/clock.h"
#include "base/hash.h"
#include "serve/internal.h"
#include <string.h>

#define KEPT_BYTES_MAX ((size_t)40 * 1024 * 1024) /* of bodies, with the headers of the forms they were asked in */
#define ROOM ((size_t)64 * 1024)                  /* of them left: there is room */
#define KEPT_FILES_MAX 2048                       /* open descriptors; and 2 to 4 KiB of headers each */
#define SLOTS "/e/"
#define TARGET_MAX 512   /* bytes of a request line worth keeping */
#define ASKED 1024       /* questions whose asking is remembered while there is no room: as many as answers are kept */
#define OPENING_MS 10000 /* what opens in the middle of an answer's life is seen so late, as if a proxy had kept it */

struct entry {
        plc_http_kept *answer;
        int64_t made, until;
        size_t bytes, own; /* in all; beside the answer */
        bool file, asked;  /* asked: since it was last about to be dropped */
        GList link;        /* in `order` */
        char target[];
};

struct plc_serve_keep {
        GHashTable *entries; /* target → entry */
        GQueue order;        /* the next to be dropped is last, unless it was asked in the meantime */
        size_t bytes, files;
        uint32_t asked[ASKED];
        int64_t file, version, dark_at; /* what all entries are of */
};

static void free_entry(void *data)
{
        struct entry *e = data;

        plc_http_kept_free(e->answer);
        g_free(e);
}

/* GLib's, byte by byte, takes three times as long for a usual target (counted). */
static guint hash_of(const void *key)
{
        uint64_t digest[2] = {0};

        plc_quick_hash(digest, key, strlen(key));
        return (guint)digest[0];
}

struct plc_serve_keep *plc_serve_keep_new(void)
{
        struct plc_serve_keep *keep = g_new0(struct plc_serve_keep, 1);

        keep->entries = g_hash_table_new_full(hash_of, g_str_equal, NULL, free_entry);
        g_queue_init(&keep->order);
        return keep;
}

void plc_serve_forget(struct plc_serve_keep *keep)
{
        g_queue_init(&keep->order); /* the links are the entries' own */
        g_hash_table_remove_all(keep->entries);
        keep->bytes = keep->files = 0;
}

void plc_serve_keep_free(struct plc_serve_keep *keep)
{
        plc_serve_forget(keep);
        g_hash_table_unref(keep->entries);
        g_free(keep);
}

size_t plc_serve_kept_bytes(const struct plc_serve_keep *keep)
{
        return keep->bytes;
}

size_t plc_serve_kept_files(const struct plc_serve_keep *keep)
{
        return keep->files;
}

static size_t bytes_of(const struct entry *e, const plc_http_request *request)
{
        return plc_http_kept_bytes(e->answer, request) + e->own;
}

static void drop(struct plc_serve_keep *keep, struct entry *e)
{
        g_queue_unlink(&keep->order, &e->link);
        keep->bytes -= e->bytes;
        keep->files -= e->file;
        g_hash_table_remove(keep->entries, e->target);
}

/*
 * The next to be dropped; NULL: it was asked since it was last looked at, and gets another round. What is given again
 * is so only marked: to put it first for each answer meant three cold entries read and written for one.
 */
static struct entry *last_unasked(struct plc_serve_keep *keep)
{
        struct entry *last = keep->order.tail->data;

        if (!last->asked)
                return last;
        last->asked = false;
        g_queue_unlink(&keep->order, &last->link);
        g_queue_push_head_link(&keep->order, &last->link);
        return NULL;
}

/* `current` stays whatever its size: it is about to be sent. */
static void make_room(struct plc_serve_keep *keep, struct entry *current)
{
        while ((keep->bytes > KEPT_BYTES_MAX || keep->files > KEPT_FILES_MAX) && keep->order.length > 1) {
                current->asked = true;
                struct entry *e = last_unasked(keep);
                if (e != NULL)
                        drop(keep, e);
        }
}

/* A lease that was shortened may end before answers that are kept: they say until when they hold. */
static void follow(struct plc_serve_keep *keep, const struct plc_index_state *state)
{
        if (state->file != keep->file || state->version != keep->version || state->dark_at < keep->dark_at)
                plc_serve_forget(keep);
        keep->file = state->file;
        keep->version = state->version;
        keep->dark_at = state->dark_at;
}

/*
 * The answer may depend on one header besides the target, and that of a photo in a mail on the path alone: programs for
 * mails put parameters of their own behind it. out takes TARGET_MAX bytes. NULL: too long to be kept.
 */
static const char *key_of(plc_serve *s, const plc_http_request *request, const char *target, char *out)
{
        const char *name = s->config.territory_header;
        const char *territory = name != NULL && name[0] != '\0' ? plc_http_header(request, name) : NULL;

        if (strncmp(target, SLOTS, strlen(SLOTS)) == 0) {
                size_t path = strcspn(target, "?");
                if (path >= TARGET_MAX)
                        return NULL;
                g_strlcpy(out, target, path + 1);
                return out;
        }
        if (territory == NULL)
                return strlen(target) < TARGET_MAX ? target : NULL;
        int size = g_snprintf(out, TARGET_MAX, "%s\n%s", target, territory);
        return size < TARGET_MAX ? out : NULL;
}

plc_http_kept *plc_serve_recall(const plc_http_request *request, const char *target, void *context)
{
        plc_serve *s = context;
        struct plc_serve_keep *keep = s->keep;
        struct plc_index_state state;
        char space[TARGET_MAX];

        if (g_hash_table_size(keep->entries) == 0 ||
            !plc_index_look(s->reader, s->config.now(s->config.now_context), &state, NULL))
                return NULL;
        follow(keep, &state);
        const char *key = key_of(s, request, target, space);
        struct entry *e = key != NULL && !state.dark ? g_hash_table_lookup(keep->entries, key) : NULL;
        if (e == NULL)
                return NULL;
        if (state.now < e->made || state.now >= e->until) {
                drop(keep, e);
                return NULL;
        }
        e->asked = true;
        size_t bytes = bytes_of(e, request);
        keep->bytes += bytes - e->bytes;
        e->bytes = bytes;
        make_room(keep, e);
        return e->answer;
}

/*
 * While there is room, all. Then only what is asked again soon, in the place of what is not: asked from everywhere, an
 * answer would push out another each time and never be given, which cost a fifth of its making (measured).
 */
static bool is_worth_it(struct plc_serve_keep *keep, const char *key, int64_t now)
{
        while (keep->order.length > 0 && ((struct entry *)keep->order.tail->data)->until <= now)
                drop(keep, keep->order.tail->data);
        if (keep->bytes + ROOM < KEPT_BYTES_MAX && keep->files < KEPT_FILES_MAX)
                return true;
        uint32_t hash = hash_of(key), *asked = &keep->asked[hash % ASKED];
        bool again = *asked == hash;
        *asked = hash;
        return again && last_unasked(keep) != NULL;
}

void plc_serve_remember(plc_serve *s, const plc_http_request *request, plc_http_response *response,
                        const struct plc_index_state *state, int64_t max_age, int64_t until)
{
        struct plc_serve_keep *keep = s->keep;
        int64_t ends = MIN(until, state->dark_at), told = plc_serve_max_age(state, max_age, until);
        char space[TARGET_MAX];
        const char *key = key_of(s, request, plc_http_target(request), space);

        /* Its max-age was counted from now: given again later, it must not promise more than is left then. */
        if (ends < PLC_TIME_NEVER)
                ends -= told * 1000;
        if (key == NULL || state->dark || ends <= state->now)
                return;
        follow(keep, state);
        if (!is_worth_it(keep, key, state->now))
                return;
        plc_http_kept *answer = plc_http_keep(request, response);
        if (answer == NULL)
                return;
        struct entry *before = g_hash_table_lookup(keep->entries, key);
        if (before != NULL)
                drop(keep, before);
        size_t size = strlen(key) + 1;
        struct entry *e = g_malloc(sizeof *e + size);
        *e = (struct entry){.answer = answer,
                            .made = state->now,
                            .own = sizeof *e + size,
                            .file = plc_http_kept_is_file(answer),
                            .link = {.data = e}};
        memcpy(e->target, key, size);
        e->bytes = bytes_of(e, request);
        e->until = e->file ? ends : MIN(ends, state->now + OPENING_MS);
        g_hash_table_insert(keep->entries, e->target, e);
        g_queue_push_head_link(&keep->order, &e->link);
        keep->bytes += e->bytes;
        keep->files += e->file;
        make_room(keep, e);
}
