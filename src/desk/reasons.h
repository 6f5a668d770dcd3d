/* What does a reason of decide() mean, in a sentence, with what was covered instead? */
#pragma once
#include "rights/decide.h"

/* `standings` (of struct plc_standing) are those of the item at the question's instant and head. Free with g_free. */
char *plc_desk_reason(const char *reason, const struct plc_question *question, const plc_ledger *ledger,
                      const GArray *standings);
/* The same for a duty. */
char *plc_desk_duty(const char *duty);
