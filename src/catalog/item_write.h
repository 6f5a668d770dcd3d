/* What does intake's part of the catalog need of items? To put a new one in. */
#pragma once
#include "catalog/item.h"

/* In a transaction of the caller, with submission, contributor, revision and created_at filled in. */
bool plc_catalog_insert_item(plc_catalog *catalog, const plc_item *item, GError **error);
/* Inserts the person, or takes the new kind, and adds to the photos that show them. */
bool plc_catalog_insert_person(plc_catalog *catalog, const char *submission, const plc_person *person, GError **error);
