/* What do the words beside a number call it? */
#pragma once
#include "text/pii_shape.h"

/* Within 16 signs before `at`, or (where `end` is not 0) 16 behind `end`. */
bool plc_pii_called_a_phone(const struct plc_shape *shape, size_t at, size_t end);
bool plc_pii_called_a_code(const struct plc_shape *shape, size_t at);
bool plc_pii_called_a_card(const struct plc_shape *shape, size_t at);
/* Directly before `at`, but for a colon and spaces: "Insta: anna_99", "微信号anna99". */
bool plc_pii_called_an_account(const struct plc_shape *shape, size_t at);
