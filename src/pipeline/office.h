/*
 * What does an office do all day? It takes drops from the inbox, leads them through steps.def, does the jobs of the
 * catalog's queue, keeps the lease of the index alive. One thread, on the default main context; photos are decoded by
 * the pool's workers meanwhile.
 */
#pragma once
#include "pool/pool.h"
#include "site/site.h"

typedef struct plc_office plc_office;

/* How a drop ended: told once for each. error NULL: taken in (submission is its id), or known already (again is true).
 */
struct plc_drop_end {
        const char *claim; /* as plc_office_take gave it */
        const char *name;
        const char *submission;
        bool again;
        const GError *error;
};
/* What is under way, for a terminal; both may be NULL. */
struct plc_office_watch {
        void (*drop_ended)(const struct plc_drop_end *end, void *user_data);
        void (*progress)(plc_office *office, void *user_data);
        void *user_data;
};

/* The site must be open for writing and outlive the office. Takes up what an earlier office left. NULL on failure. */
plc_office *plc_office_new(struct plc_site *site, const struct plc_office_watch *watch, GError **error);
void plc_office_free(plc_office *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_office, plc_office_free)

struct plc_site *plc_office_site(plc_office *office);
/* Was what is shown decided under the settings, policy and presets that stand there now? Else an office that is opened
 * decides it all anew. The site may be open for reading. */
bool plc_office_is_up_to_date(const struct plc_site *site, bool *out, GError **error);

/* Looks at the inbox from now on: at once, by inotify, and every scan_seconds. */
bool plc_office_watch_inbox(plc_office *office, GError **error);
/* Takes one drop as the claim `id` (a new one of base/id.h): a path outside the inbox is copied and stays, one in it is
 * claimed. */
bool plc_office_take(plc_office *office, const char *path, const char *id, GError **error);
/* Jobs were queued: look again soon. */
void plc_office_kick(plc_office *office);
/* The same after an act that is done: its jobs begin when no other act follows at once. */
void plc_office_kick_after_act(plc_office *office);
/* Renews the lease of the index now and each minute. */
bool plc_office_keep_lease(plc_office *office, GError **error);

struct plc_office_load {
        unsigned drops;  /* between claim and record */
        unsigned jobs;   /* running now */
        int64_t waiting; /* jobs in the queue that are due */
};
void plc_office_load(plc_office *office, struct plc_office_load *out);
/*
 * Why must one of these drops (NULL: any), or the queue, wait for another try? For faults of ours: no room on the disk,
 * no worker. Nothing is lost then. Borrowed until the main context runs again; NULL: nothing keeps them.
 */
const GError *plc_office_delayed(const plc_office *office, const char *const *claims);
/* Runs the main context until no drop and no due job is left, or something delays them: what plc_office_delayed says.
 */
const GError *plc_office_drain(plc_office *office);
/*
 * Runs the main context until every act that an earlier office left unfinished (erasures, and publications that the
 * desk queued) has run once: until then the index may show what is recorded as gone. True if they have; false after
 * wait_ms, or when *stop becomes true.
 */
bool plc_office_finish_acts(plc_office *office, unsigned wait_ms, const bool *stop);
/* Is one of these subjects (ids of items or submissions) in the queue, or one of these claims still on its way? */
bool plc_office_busy_with(plc_office *office, const char *const *ids);
