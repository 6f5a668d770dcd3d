/* What should a moderator know of an item's words? Bytes of the text, so that the words can be shown in their place. */
#include "pipeline/findings.h"
#include "base/json.h"
#include <string.h>

void plc_findings_begin(struct plc_findings *findings)
{
        findings->json = g_string_new(NULL);
        findings->flags = g_ptr_array_new();
        plc_jw_array(findings->json, NULL);
}

static void flag(struct plc_findings *findings, const char *name)
{
        if (!g_ptr_array_find_with_equal_func(findings->flags, name, g_str_equal, NULL))
                g_ptr_array_add(findings->flags, (char *)name);
}

static void begin(struct plc_findings *findings, const char *kind, const char *field, int64_t n)
{
        plc_jw_object(findings->json, NULL);
        plc_jw_string(findings->json, "kind", kind);
        plc_jw_string(findings->json, "field", field);
        plc_jw_int(findings->json, "n", n);
}

void plc_findings_personal(struct plc_findings *findings, const char *field, int64_t n, const struct plc_pii *personal)
{
        g_autofree char *raw = g_strconcat(field, "_raw", NULL);

        for (guint i = 0; i < personal->spans->len; i++) {
                const struct plc_pii_span *span = &g_array_index(personal->spans, struct plc_pii_span, i);

                flag(findings, "personal_data");
                if (span->kind == PLC_PII_URL)
                        flag(findings, plc_flag_kind_name(PLC_FLAG_LINK));
                begin(findings, plc_pii_kind_name(span->kind), raw, n);
                plc_jw_int(findings->json, "start", span->start);
                plc_jw_int(findings->json, "end", span->end);
                plc_jw_end_object(findings->json);
        }
}

void plc_findings_flags(struct plc_findings *findings, const char *field, int64_t n, const char *text,
                        const GArray *flags)
{
        for (guint i = 0; i < flags->len; i++) {
                const struct plc_flag *one = &g_array_index(flags, struct plc_flag, i);
                g_autofree char *words = g_strndup(text + one->start, one->end - one->start);

                flag(findings, plc_flag_kind_name(one->kind));
                begin(findings, plc_flag_kind_name(one->kind), field, n);
                plc_jw_int(findings->json, "start", one->start);
                plc_jw_int(findings->json, "end", one->end);
                plc_jw_string(findings->json, "words", words);
                plc_jw_end_object(findings->json);
        }
}

void plc_findings_repaired(struct plc_findings *findings, const char *field, int64_t n, unsigned times)
{
        flag(findings, "charset_repaired");
        begin(findings, "charset_repaired", field, n);
        plc_jw_int(findings->json, "times", times);
        plc_jw_end_object(findings->json);
}

void plc_findings_charset(struct plc_findings *findings, const char *file, const char *charset, const char *by)
{
        if (strcmp(by, "guess") == 0)
                flag(findings, "charset_guessed");
        begin(findings, "charset_read", file, 0);
        plc_jw_string(findings->json, "charset", charset);
        plc_jw_string(findings->json, "by", by);
        plc_jw_end_object(findings->json);
}

char *plc_findings_end(struct plc_findings *findings)
{
        GString *json = g_steal_pointer(&findings->json);
        bool any = json->len > 1;

        g_ptr_array_unref(g_steal_pointer(&findings->flags));
        plc_jw_end_array(json);
        if (any)
                return g_string_free(json, FALSE);
        g_string_free(json, TRUE);
        return NULL;
}
