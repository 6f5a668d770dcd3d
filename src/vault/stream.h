/* How is a file sealed, piece by piece? */
#pragma once
#include "base/error.h"
#include "vault/key.h"

/*
 * `name` is bound to every byte: a blob put in another's place does not open. Reads from offset 0 of an ordinary file
 * or memfd; writes at the position of to_fd. TOO_BIG over limit bytes of plain content.
 */
bool plc_stream_seal(int from_fd, int to_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit,
                     GError **error);
/* UNREADABLE for anything but the whole of what was sealed, in its order. */
bool plc_stream_unseal(int from_fd, int to_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit,
                       GError **error);
/* The same question without the answer: is it whole? `whole` false: looks at the first piece and at the length only. */
bool plc_stream_probe(int from_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit, bool whole,
                      GError **error);
