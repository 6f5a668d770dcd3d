/* Where do keys lie, and how do they get into memory and out of it again? */
#pragma once
#include "base/error.h"

#define PLC_KEY_BYTES 32

/* What a contributor's key is used for: each purpose has a key of its own, derived from the one in the file. */
enum plc_key_use { PLC_KEY_FILE = 1, PLC_KEY_TEXT = 2, PLC_KEY_EVIDENCE = 3 };

/* Durable when it returns; a key that is there stays as it is. */
bool plc_key_make(int keys_dirfd, const char *name, GError **error);
/* NOT_FOUND; BAD_CONFIG if it has not the form or others may read it. Wipe it (sodium_memzero). */
bool plc_key_read(int keys_dirfd, const char *name, uint8_t out[PLC_KEY_BYTES], GError **error);
/* The derived key; the read one is wiped here. */
bool plc_key_derive(int keys_dirfd, const char *name, enum plc_key_use use, uint8_t out[PLC_KEY_BYTES], GError **error);
/* Overwritten, removed, durably. A key that is not there is fine. */
bool plc_key_destroy(int keys_dirfd, const char *name, GError **error);
