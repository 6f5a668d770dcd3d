/* How does a text file of the tree become part of a program? As read-only bytes, at build time: no file to lose, none
 * to trust. */
#pragma once
#include <stddef.h>

/*
 * At file scope: PLC_EMBED(plc_sql_catalog, "schemas/sql/catalog.sql"); then `plc_sql_catalog` is its text, ended by a
 * zero byte. The path is relative to the top of the source tree.
 */
#define PLC_EMBED(symbol, path)                                                                                        \
        __asm__(".pushsection .rodata\n"                                                                               \
                ".hidden " #symbol "\n.global " #symbol "\n" #symbol ":\n"                                             \
                ".incbin \"" PLC_SOURCE_DIR "/" path "\"\n.byte 0\n.popsection\n");                                    \
        extern const char symbol[] __attribute__((visibility("hidden")))
