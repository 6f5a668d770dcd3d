/* What did the house decide? The policy that decide() applies: data, versioned, every field required. */
#pragma once
#include "base/error.h"
#include "rights/names.h"
#include "rights/vocabulary.h"

struct plc_likeness_rule {
        unsigned channels;
        struct plc_territories territories;
        unsigned kinds; /* bits of plc_person_kind */
};

struct plc_required_rule {
        unsigned channels;
        struct plc_territories territories;
        plc_subject_kind kind;
        const char *attribute;
};

struct plc_suitability_rule {
        struct plc_territories territories;
        const char *flag;
        bool deny; /* else warn */
};

typedef struct plc_policy {
        int64_t version, min_moderation_version;
        unsigned people_must_be_declared, can_disclose, ai_ok; /* bits of plc_channel */
        bool minors_in_ads;
        struct plc_likeness_rule *likeness;
        size_t likeness_count;
        struct plc_required_rule *required;
        size_t required_count;
        struct plc_suitability_rule *suitability;
        size_t suitability_count;
        int64_t max_ttl[PLC_CHANNELS]; /* seconds; -1: none */
        int64_t max_grant_days;
        unsigned cap_channels, cap_sublicense;
        struct plc_names *names; /* owns the rows and their texts */
} plc_policy;

/* `file` names it in faults, with the member's pointer. Free with plc_policy_free. */
plc_policy *plc_policy_parse(const char *json, size_t size, const char *file, GError **error);
/* The file at path; of at most 1 MiB. */
plc_policy *plc_policy_load(const char *path, GError **error);
void plc_policy_free(plc_policy *policy); /* NULL allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_policy, plc_policy_free)
