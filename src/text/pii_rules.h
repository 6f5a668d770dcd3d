/* Which rules look for personal data? Each gives the length of a find that begins at `at`, in signs; 0 if there is
 * none. */
#pragma once
#include "text/pii_shape.h"

size_t plc_pii_email_at(const struct plc_shape *shape, size_t at);
size_t plc_pii_url_at(const struct plc_shape *shape, size_t at);
size_t plc_pii_handle_at(const struct plc_shape *shape, size_t at);
size_t plc_pii_phone_at(const struct plc_shape *shape, size_t at);
size_t plc_pii_card_at(const struct plc_shape *shape, size_t at);
size_t plc_pii_iban_at(const struct plc_shape *shape, size_t at);

/* host.tld: the length, 0 if it is no host. *out_tld: where its last label begins. */
size_t plc_pii_host_at(const struct plc_shape *shape, size_t at, size_t *out_tld);
/* Where does the path, query and fragment that begin at `at` end? */
size_t plc_pii_path_end(const struct plc_shape *shape, size_t at);
/* Is this label that of a registry people know? */
bool plc_pii_known_domain(const struct plc_shape *shape, size_t tld, size_t end);
/* One that is also a common word: "nice.no problems". */
bool plc_pii_word_domain(const struct plc_shape *shape, size_t tld, size_t end);
bool plc_pii_host_sign(char sign);
/* A preposition of Hebrew that a hyphen joins to an address: ל-anna@x.com. */
bool plc_pii_hebrew_prefix(const struct plc_shape *shape, size_t at);
