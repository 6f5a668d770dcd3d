/* Is a worker's answer one that an honest worker could give to this request? (for pool.c) */
#pragma once
#include "pool/pool.h"

/* Of a message whose fields wire/ has checked by themselves: against the request, and the files against their bytes.
 * BAD_ANSWER. */
bool plc_check_answer(const struct plc_job_request *request, uint64_t file_bytes, const struct plc_result *result,
                      GError **error);
/* The error for a FAILED message: only codes that speak of the photo or of the worker may come. BAD_ANSWER for others.
 */
void plc_check_failure(const struct plc_failure *failure, GError **error);
/* Files that the plan allows for this placement. */
unsigned plc_check_max_files(const struct plc_plan *plan, const struct plc_placement *place);
