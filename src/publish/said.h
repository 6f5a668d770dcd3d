/*
 * What did people say about a photo that changes what is made of it? That there is text on it (the flag "overlay"),
 * that a placement may have it although it is undersized, and what connects the contributor with the seller, which
 * stands in every file. All of it is in the ledger; the last word counts.
 */
#pragma once
#include "publish/publisher.h"

#define PLC_PLAN_SIZE (PLC_PRESET_VERSION_SIZE + 64)
#define PLC_PLAN_REFINED "+2"      /* behind a plan: its files were made once more, smaller */
#define PLC_FLAG_OVERLAY "overlay" /* text, a logo or a badge is on the photo */

struct plc_override {
        char *by;   /* who, as they named themselves */
        int64_t at; /* when it was recorded */
};

typedef struct plc_said plc_said;

plc_said *plc_publish_said(const struct plc_publisher *publisher, const char *item, GError **error);
void plc_said_free(plc_said *said);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_said, plc_said_free)

bool plc_said_overlay(const plc_said *said);
/* NULL: nobody allowed it, or it was taken back. */
const struct plc_override *plc_said_override(const plc_said *said, const char *preset);
/* NULL: nobody said; borrowed. */
const char *plc_said_connection(const plc_said *said);
/* What placed.plan is when a file of the preset is made as things stand: the note in it, the declared point or box, and
 * whether optional formats are made. Another one: made again. */
void plc_said_plan(const struct plc_publisher *publisher, const plc_item *item, const plc_said *said,
                   const struct plc_preset *preset, char out[PLC_PLAN_SIZE]);
