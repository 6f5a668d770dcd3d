/* What do the steps see of the office? Its stores, its workers, and how to say that they are done. */
#pragma once
#include "catalog/item.h"
#include "catalog/queue.h"
#include "catalog/submission.h"
#include "intake/inbox.h"
#include "intake/manifest.h"
#include "pipeline/office.h"
#include "publish/said.h"
#include "text/detect.h"
#include "text/flags.h"

struct plc_office {
        struct plc_site *site;
        plc_flag_lists *flag_lists;
        struct plc_office_watch watch;
        plc_pool *pool;
        plc_inbox *inbox;
        int inotify_fd;
        GPtrArray *drops;         /* of struct plc_drop, in the order taken */
        unsigned drops_under_way; /* of them, those that have begun */
        unsigned jobs_running;
        int64_t jobs_due;
        int64_t acts_from_us;         /* of acts that follow one another: the first, or the last job between them */
        int64_t act_at_us;            /* the latest of them */
        char worker[PLC_ID_SIZE];     /* the name under which jobs are leased */
        int64_t keep_from_ms;         /* before that, no kept bundle is filled */
        int64_t keep_opens_ms;        /* when the window of one opens; 0: not known yet */
        char refined_to[PLC_ID_SIZE]; /* the last photo that a second pass was thought of for; "": from the start */
        int64_t refine_at;            /* not before: all were looked at */
        guint refine_source;
        int64_t swept_at;     /* when what nothing leads to was looked for */
        GError *fault;        /* why the queue could not be read at the last try; NULL: it could */
        GPtrArray *unsettled; /* of struct plc_running: done, but the queue could not be told */
        GError *unsettled_by; /* why not; NULL: all could */
        guint expiry_source, settle_source, kick_source, scan_source, lease_source, inotify_source, hint_source,
                look_source;
        bool closing;
};

enum plc_progress { PLC_DONE, PLC_PENDING, PLC_FAILED };

/* One photo of a drop on its way. */
struct plc_drop_photo {
        int fd; /* the file as dropped, read-only */
        struct plc_facts facts;
        char sealed[PLC_ID_SIZE]; /* the vault's name of the original */
        plc_item *item;           /* borrowed from plc_drop.items; NULL where kept */
        char kept[PLC_ID_SIZE];   /* the item of an earlier revision that it is, unchanged; "" */
};

/* A drop between claim and record: in memory only, .work/ID is what lasts. */
struct plc_drop {
        struct plc_office *office;
        struct plc_claim *claim;
        size_t step;
        int fd;              /* the folder that holds the files */
        const char *told_as; /* "submission.json", the sidecar's name, or that of a bare photo */
        char *sidecar;       /* its name; NULL: none */
        plc_manifest *manifest;
        char **notes;
        char *display_name; /* as it may be shown; NULL: none */
        char content_hash[65];
        unsigned examining; /* photos in the workers */
        GError *error;      /* the first fault */
        GError *delayed_by; /* why it waits for its next try; NULL: it does not wait */
        size_t n_photos;
        struct plc_drop_photo *photos;
        plc_contributor *contributor;
        plc_submission *submission;
        plc_submission *known; /* an earlier drop of the same operator's id, or NULL */
        plc_revision *revision;
        GPtrArray *items;              /* of plc_item */
        GPtrArray *persons;            /* of plc_person */
        GPtrArray *grants;             /* of plc_grant_record */
        GPtrArray *events;             /* JSON of ledger events, of char * */
        char kept_review[PLC_ID_SIZE]; /* as plc_drop_photo.kept */
        bool again;
        bool under_way;  /* it has begun */
        bool committing; /* the catalog has it, or may have it: a commit that failed can yet turn out durable */
        bool recorded;   /* the catalog has it, only its folder is left */
        guint again_source;
};
void plc_drop_free(struct plc_drop *drop);
/* One more sentence for the answer. */
void plc_drop_note(struct plc_drop *drop, const char *note);

/* A leased job on its way. */
struct plc_running {
        struct plc_office *office;
        plc_job *job;
        plc_item *item;    /* of steps that work on one, read at the start */
        GPtrArray *wanted; /* render: const struct plc_preset * */
        plc_said *said;    /* render: what people said about the photo when it was handed to a worker */
        GError *why;       /* what its step failed with; NULL: it is done */
        bool refines;      /* a second pass over files that are there: if it fails, they stay */
        bool worker_said;  /* the fault is a worker's word about the photo, not one of ours */
};

/* Steps of drops: on FAILED the drop is rejected with *error; on PENDING plc_drop_resume is called later. */
typedef enum plc_progress plc_drop_step(struct plc_office *office, struct plc_drop *drop, GError **error);
/* Steps of the queue: on PENDING plc_running_end is called later. */
typedef enum plc_progress plc_job_step(struct plc_office *office, struct plc_running *running, GError **error);

plc_drop_step plc_step_unpack, plc_step_examine, plc_step_seal, plc_step_words, plc_step_record;
plc_job_step plc_step_preview, plc_step_answer, plc_step_render, plc_step_refine, plc_step_publish, plc_step_erase,
        plc_step_keep;

/* Which photo of the drop is this item? n_photos: none. */
size_t plc_drop_photo_of(const struct plc_drop *drop, const plc_item *item);
/* What comes again as it was in an earlier revision stays the item that it is, with all that was decided of it
 * (pipeline/revision.c). */
bool plc_drop_find_kept(struct plc_drop *drop, GError **error);
/* What they were kept by, and where nothing new is left to be decided, what this revision has no more of. In the
 * transaction that records the drop. */
bool plc_drop_record_kept(struct plc_drop *drop, int64_t now_ms, GError **error);
/* The same operator's id again: what is known of it, and whether it is the same drop. */
bool plc_drop_find_known(struct plc_drop *drop, GError **error);
/* Is it of a person who was erased, by a consent that is older than that? Then ERASED. */
bool plc_drop_refuse_erased(struct plc_drop *drop, GError **error);
/*
 * The id that a contributor gets whom this drop is the first of: the same each time that a crash lets it begin anew, so
 * that no key is left over, and nothing sealed with it, which no erasure would ever find.
 */
void plc_drop_new_contributor(const struct plc_drop *drop, char out[PLC_ID_SIZE]);
/* Destroys the key of that id, unless the catalog knows it. */
bool plc_drop_forget_key(const struct plc_drop *drop, GError **error);

/* Takes the claim; begins when fewer drops are under way. */
void plc_drop_start(struct plc_office *office, struct plc_claim *claim);
void plc_drops_tick(struct plc_office *office);
/* Should the inbox wait? A drop holds open files, and a full disk pauses all that are under way. */
bool plc_drops_full(const struct plc_office *office);
/* done/: the same drop was taken in before. */
bool plc_drop_answer_again(struct plc_drop *drop, GError **error);
void plc_drop_resume(struct plc_drop *drop);
void plc_running_free(struct plc_running *running);
/* Takes the error (NULL: done). */
void plc_running_end(struct plc_running *running, GError *error);
void plc_jobs_tick(struct plc_office *office);
/* Queues every item where policy, placet.conf or presets are others than those of the last time. */
bool plc_republish_if_changed(struct plc_site *site, GError **error);
/* Queues the filling of kept bundles, if there are any. */
bool plc_office_queue_keep(struct plc_office *office, GError **error);
/* The same if a window has opened since the last time; each minute. */
bool plc_office_keep_opened(struct plc_office *office, GError **error);
/* Once in so many seconds: if the office is idle, a second pass over the next photo. */
#define PLC_REFINE_EVERY_S 2
void plc_refine_tick(struct plc_office *office);
/* Queues every item of which the index holds what has ended. */
bool plc_republish_expired(struct plc_site *site, GError **error);

/* Unseals the item's original into memory and lets a worker do the plan; `done` gets `running` as its user_data. */
bool plc_office_submit(struct plc_office *office, struct plc_running *running, const struct plc_plan *plan,
                       plc_job_done done, GError **error);
struct plc_photo_limits plc_office_photo_limits(const struct plc_office *office);
