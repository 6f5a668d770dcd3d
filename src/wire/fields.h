/* Which fields does each message have, in which order and range? (for message.c) */
#pragma once
#include "wire/codec.h"
#include "wire/message.h"

#define PLC_MSG(kind, fields, descriptors)                                                                             \
        void plc_fields_##fields(struct plc_codec *codec, struct plc_message *message);
#include "wire/messages.def"
#undef PLC_MSG
