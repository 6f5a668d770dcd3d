/* What kind of file is it, by its first bytes? Names and declared types are never asked. */
#pragma once
#include "wire/plan.h"
#include <stddef.h>

/* UNKNOWN: *out_other says in a few words what it is instead ("an SVG drawing"); borrowed, never NULL then. */
enum plc_format plc_sniff(const uint8_t *bytes, size_t size, const char **out_other);
