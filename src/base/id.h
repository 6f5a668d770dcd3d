/* What is an id? Our own random 128 bits (they tell nothing, not even when), written as 26 characters of Crockford's
 * base 32. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLC_ID_LEN 26
#define PLC_ID_SIZE (PLC_ID_LEN + 1)

/* Upper case, for ids of submissions, items, contributors, persons, grants. */
void plc_id_new(char out[PLC_ID_SIZE]);
/* The same form, of bytes that are as good as random: for an id that must come out the same a second time. */
void plc_id_from(const uint8_t bytes[16], char out[PLC_ID_SIZE]);
/* The same in lower case, for URLs (media keys, slots): unguessable, 128 bits. */
void plc_key_new(char out[PLC_ID_SIZE]);
/* Upper-case form, exactly. */
bool plc_id_valid(const char *text);
/*
 * Can an address hold this name as a part of its path? Not . and ..: every client takes them out before it asks,
 * however they are encoded (RFC 3986 5.2.4; the URL standard: %2e too).
 */
bool plc_name_in_path(const char *name);
void plc_random(void *out, size_t size);
