/* How are ids and words compared in one step? Each distinct text is kept once, so equal texts have equal addresses. */
#pragma once
#include <stddef.h>

struct plc_names;

struct plc_names *plc_names_new(void);
void plc_names_free(struct plc_names *names); /* NULL allowed; ends all that it gave out */
/* The kept copy. */
const char *plc_names_intern(struct plc_names *names, const char *text);
/* The kept copy, or NULL if text was never interned. */
const char *plc_names_find(const struct plc_names *names, const char *text);
/* Zeroed memory that lives as long as the names. */
void *plc_names_alloc(struct plc_names *names, size_t count, size_t size);

/* A list of kept texts. */
struct plc_list {
        const char **at;
        size_t count;
};
