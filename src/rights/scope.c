/* Does one scope cover a whole context? Dimension by dimension; what is not given does not bind. */
#include "rights/scope.h"

const char *const plc_failure_words[PLC_FAILURES] = {
        "WITHDRAWN", "NOT_YET",    "EXPIRED", "CHANNEL",    "TERRITORY", "LANGUAGE",
        "PRODUCT",   "CONTROLLER", "EDIT",    "SUBLICENCE", "ATTESTED",
};

static bool has(const struct plc_list *list, const char *kept)
{
        for (size_t i = 0; i < list->count; i++)
                if (list->at[i] == kept)
                        return true;
        return false;
}

static bool speaks(const struct plc_list *ranges, const char *language)
{
        for (size_t i = 0; language != NULL && i < ranges->count; i++)
                if (plc_language_match(ranges->at[i], language))
                        return true;
        return false;
}

unsigned plc_scope_failures(const struct plc_scope *scope, const struct plc_context *context)
{
        unsigned given = scope->given, failures = 0;

        if ((given & PLC_SCOPE_CHANNELS) != 0 && (context->channel & ~scope->channels) != 0)
                failures |= 1u << PLC_FAIL_CHANNEL;
        if (((given & PLC_SCOPE_TERRITORIES) != 0 && !plc_territories_match(&scope->territories, context->territory)) ||
            plc_territories_match(&scope->exclude, context->territory))
                failures |= 1u << PLC_FAIL_TERRITORY;
        if ((given & PLC_SCOPE_LANGUAGES) != 0 && !speaks(&scope->languages, context->language))
                failures |= 1u << PLC_FAIL_LANGUAGE;
        if ((given & PLC_SCOPE_PRODUCTS) != 0 && (context->product == NULL || !has(&scope->products, context->product)))
                failures |= 1u << PLC_FAIL_PRODUCT;
        if ((given & PLC_SCOPE_CONTROLLERS) != 0 &&
            (context->controller == NULL || !has(&scope->controllers, context->controller)))
                failures |= 1u << PLC_FAIL_CONTROLLER;
        if ((given & PLC_SCOPE_EDITS) != 0 && (context->edits & ~scope->edits) != 0)
                failures |= 1u << PLC_FAIL_EDIT;
        if ((given & PLC_SCOPE_SUBLICENSE) != 0 && (context->sublicensee & ~scope->sublicense) != 0)
                failures |= 1u << PLC_FAIL_SUBLICENCE;
        return failures;
}
