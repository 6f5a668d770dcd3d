/* How is time kept and written? Milliseconds since 1970 UTC in 64 bits; as text exactly YYYY-MM-DDThh:mm:ss.mmmZ. */
#pragma once
#include "base/error.h"

#define PLC_TIME_SIZE 25
#define PLC_TIME_NEVER INT64_MAX /* an instant after the year 9999: none */
#define PLC_DAY_MS INT64_C(86400000)

int64_t plc_now_ms(void);
/* 0000-9999; outside it the nearest end is written. */
void plc_time_format(int64_t ms, char out[PLC_TIME_SIZE]);
/* Exactly the form above (years 0000-9999, real calendar days, no second 60); false without an error set. */
bool plc_time_parse(const char *text, int64_t *out_ms);
/* RFC 3339 with any offset and 0-9 digits of fraction, or a date alone (its midnight UTC); false without an error set.
 */
bool plc_time_parse_rfc3339(const char *text, int64_t *out_ms);
