/* In which countries may something be seen? A set over ISO 3166-1 alpha-2, written as a bit for each of AA … ZZ so that
 * one test is one shift. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLC_INDEX_TERRITORIES_BYTES 85 /* 26 × 26 bits */

struct plc_index_territories {
        uint8_t bits[PLC_INDEX_TERRITORIES_BYTES];
};

/* Two capitals that ISO 3166-1 has assigned (249 of them); "WW" and reserved codes such as "UK" are not among them. */
bool plc_index_territory_known(const char *code);
/* Of the list in alphabetical order; NULL beyond its end: what a publisher asks about, one after the other. */
const char *plc_index_territory_at(size_t index);

/* False, and nothing added, if the code is not on the list. A struct of zeros is the empty set. */
bool plc_index_territories_add(struct plc_index_territories *set, const char *code);
/* One that is not there is fine. */
void plc_index_territories_remove(struct plc_index_territories *set, const char *code);
void plc_index_territories_add_world(struct plc_index_territories *set);
void plc_index_territories_join(struct plc_index_territories *set, const struct plc_index_territories *other);
bool plc_index_territories_has(const struct plc_index_territories *set, const char *code);
/* Every country on the list: all that a reader without a territory may see. */
bool plc_index_territories_is_world(const struct plc_index_territories *set);
bool plc_index_territories_is_empty(const struct plc_index_territories *set);

/* The stored form: one byte 'W' for the world, else the 85 bytes; out takes PLC_INDEX_TERRITORIES_BYTES. Gives the
 * size. */
size_t plc_index_territories_store(const struct plc_index_territories *set, uint8_t *out);
/* False for any other form: a damaged row opens nothing. */
bool plc_index_territories_load(const void *data, size_t size, struct plc_index_territories *out);
/*
 * The same question of the stored form, without unpacking it: `code` is one that plc_index_territory_known, or NULL for
 * a reader who named none, who may see only what the whole world may.
 */
bool plc_index_territories_stored_has(const void *data, size_t size, const char *code);
/* Is every one of `others` in `set`? */
bool plc_index_territories_covers(const struct plc_index_territories *set, const struct plc_index_territories *others);
