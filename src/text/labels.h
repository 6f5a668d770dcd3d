/* In which words is a reader told how a review came about? Disclosure and verification labels in the reader's language.
 */
#pragma once

/*
 * kind "disclosure": incentive, free_product, affiliate, employee, family, contest. kind "verification": order, email,
 * receipt, merchant. `wanted`: BCP 47 tags by preference with commas (NULL: none). The first language that the table
 * has answers, zh by its script, no as nb; else English. NULL where there is nothing to tell: `none`, `unknown`, any
 * other code. Borrowed, never freed.
 */
const char *plc_text_label(const char *kind, const char *code, const char *wanted);
