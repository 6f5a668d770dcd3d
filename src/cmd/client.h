/*
 * How does a command get something done on a site? It asks the running office over office.sock; where none runs, it
 * takes the lock, is the office for as long as the work takes, and leaves. Which of the two it was cannot be told from
 * the outcome.
 */
#pragma once
#include "base/json.h"

typedef struct plc_client plc_client;

/* `writes`: for operations that change something. BUSY or UNREACHABLE (exit 3) when neither way is open after 10 s. */
plc_client *plc_client_open(const char *site, bool writes, GError **error);
void plc_client_close(plc_client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_client, plc_client_close)

/* out_answer may be NULL. Free with plc_json_free. An error of the office comes back as it was there. */
bool plc_client_call(plc_client *client, const char *op, const char *request, plc_json **out_answer, GError **error);
/*
 * Until nothing is under way for these ids (claims, submissions, items), with progress on a terminal. out_state (may be
 * NULL) is the last answer of `pending`, also where it fails because something (a full disk) puts the work off.
 */
bool plc_client_wait(plc_client *client, const char *const *ids, const char *doing, plc_json **out_state,
                     GError **error);

/*
 * Where we are the office: does what is left in the queue (files of what went dark). A running office does it itself.
 * False with the fault that puts it off, such as a full disk; nothing is lost then.
 */
bool plc_client_drain(plc_client *client, GError **error);

/* A request of string members, NULL-terminated pairs; a NULL value leaves its member out. Free with g_free. */
char *plc_client_request(const char *name, ...) G_GNUC_NULL_TERMINATED;
/* {"ids":[…]}. Free with g_free. */
char *plc_client_ids_request(const char *const *ids, size_t count);
/* The answer as one line of compact JSON on stdout, for --json. */
void plc_client_print(const plc_json *answer);
