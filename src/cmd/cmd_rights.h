/* Which words follow `placet rights`? One row each; the options are parsed once for all of them. */
#pragma once
#include "cmd/client.h"
#include "cmd/cmd.h"

/* What the options of the command line said; NULL where not given. */
struct plc_rights_options {
        char *grant, *contributor, *person, *terms, *evidence, *captured_at, *not_after, *reason;
        char *channels, *territories, *exclude, *languages, *products, *edits, *sublicense; /* comma-separated */
        char *people, *connection, *verification;
        char **flags;
        gint64 version;
        gboolean guardian, json;
};
extern struct plc_rights_options plc_rights_options;

/* id is NULL where none was given. 0, or -1 with *error set. */
typedef int plc_rights_verb(plc_client *client, const char *id, GError **error);
plc_rights_verb plc_rights_show, plc_rights_grant, plc_rights_attest, plc_rights_withdraw, plc_rights_narrow,
        plc_rights_hold, plc_rights_lift, plc_rights_link, plc_rights_dismiss, plc_rights_refuse, plc_rights_invalidate,
        plc_rights_flag, plc_rights_declare;

/* The dimensions of a scope that were given, as members of a request. */
void plc_rights_write_scope(GString *request);
/* "3 items" */
char *plc_rights_count(size_t n, const char *one, const char *many);
/* "recalls" of an answer, one line each; silent if there are none. */
void plc_rights_tell_recalls(plc_json *answer);
