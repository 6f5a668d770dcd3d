/* Which quality makes a file just small enough? Pure: what was tried goes in, the next quality comes out. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "wire/plan.h"

#define PLC_MAX_ENCODES 6

struct plc_search {
        enum plc_format format; /* whose quality it is; JPEG's where it is not told */
        int64_t limit;          /* bytes */
        int min_quality;
        unsigned n;
        struct {
                int quality;
                int64_t bytes;
        } tried[PLC_MAX_ENCODES];
};

void plc_search_note(struct plc_search *search, int quality, int64_t bytes);
/* The next quality to try; 0: enough. */
int plc_search_next(const struct plc_search *search);
/* Index of the best try: the heaviest within the limit, else the lightest. */
unsigned plc_search_best(const struct plc_search *search);
