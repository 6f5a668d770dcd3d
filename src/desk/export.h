/* What is held about one person? All of it, for them: GDPR art. 15 and 20. */
#pragma once
#include "desk/desk.h"
#include "pack/zip.h"

/*
 * Adds export.json (schemas/json/export.schema.json), originals, previews and evidence as they were sent. contributor:
 * our id or source:external-id. NOT_FOUND, or ERASED if nothing is held any more. Unsealed in memory alone.
 */
bool plc_export_contributor(struct plc_desk *desk, const char *contributor, plc_zip *zip, GError **error);
