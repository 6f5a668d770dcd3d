/* Which words are flagged? Files of presets/words, read strictly: a word that cannot be found is a fault of its file.
 */
#include "text/flag_lists.h"
#include "base/file.h"
#include "base/json.h"
#include "text/language_tag.h"
#include "text/terms_private.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES ((size_t)256 * 1024)
#define FILES 500
#define WORDS 5000 /* of one list of a file */
#define WORD_BYTES ((size_t)120)

static const char *const kinds[] = {"insult", "advertising", "health_claim", "competitor"};

static void free_entry(void *data)
{
        struct plc_flag_entry *entry = data;
        g_free(entry->language);
        g_free(entry->text);
        g_strfreev(entry->words);
        g_free(entry);
}

void plc_flag_lists_free(plc_flag_lists *lists)
{
        if (!lists)
                return;
        g_hash_table_unref(lists->by_word);
        g_hash_table_unref(lists->by_head);
        g_hash_table_unref(lists->languages);
        g_ptr_array_unref(lists->entries);
        g_ptr_array_unref(lists->excepts);
        g_free(lists);
}

static void free_strings(void *strings)
{
        g_strfreev(strings);
}

static plc_flag_lists *new_lists(void)
{
        plc_flag_lists *lists = g_new0(plc_flag_lists, 1);
        GDestroyNotify unref = (GDestroyNotify)g_ptr_array_unref;
        lists->by_word = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref);
        lists->by_head = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref);
        lists->languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        lists->entries = g_ptr_array_new_with_free_func(free_entry);
        lists->excepts = g_ptr_array_new_with_free_func(free_strings);
        return lists;
}

size_t plc_flag_lists_languages(const plc_flag_lists *lists)
{
        return g_hash_table_size(lists->languages);
}

size_t plc_flag_lists_entries(const plc_flag_lists *lists)
{
        return lists->entries->len;
}

static void put(GHashTable *table, const char *key, struct plc_flag_entry *entry)
{
        GPtrArray *row = g_hash_table_lookup(table, key);
        if (!row) {
                row = g_ptr_array_new();
                g_hash_table_insert(table, g_strdup(key), row);
        }
        g_ptr_array_add(row, entry);
}

/* Keys of the words of `text`, in order; NULL-terminated. */
static bool keys_of(const char *text, char ***out, GError **error)
{
        struct plc_terms terms;
        if (!plc_terms_read(text, 0, false, &terms, error))
                return false;
        g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
        bool ok = true;
        for (guint i = 0; ok && i < terms.list->len; i++) {
                const struct plc_term *term = &g_array_index(terms.list, struct plc_term, i);
                g_autoptr(GString) key = g_string_new(NULL);
                ok = plc_flag_key(terms.all->str + term->at, term->size, 2, key, error);
                g_ptr_array_add(keys, g_strdup(key->str));
        }
        plc_terms_done(&terms);
        if (!ok)
                return false;
        g_ptr_array_add(keys, NULL);
        *out = (char **)g_ptr_array_free(g_steal_pointer(&keys), FALSE);
        return true;
}

/* Of Hangul; to Korean words particles are written, so that most of them need an asterisk. */
static bool is_syllable(const char *word)
{
        gunichar c = g_utf8_get_char(word);
        return c >= 0xac00 && c <= 0xd7a3;
}

static bool add_entry(plc_flag_lists *lists, const char *text, plc_flag_kind kind, const char *language, char **except,
                      const char **out_rule, GError **error)
{
        g_auto(GStrv) keys = NULL;
        size_t size = strlen(text);
        bool rest = size > 1 && text[size - 1] == '*';
        g_autofree char *plain = g_strndup(text, size - rest);
        if (strchr(plain, '*')) {
                *out_rule = "has an asterisk that is not its last character";
                return true;
        }
        if (!keys_of(plain, &keys, error))
                return false;
        guint count = g_strv_length(keys);
        if (count == 0 || count > PLC_FLAG_WORDS)
                *out_rule = count == 0 ? "holds no word" : "holds more than 8 words";
        else if (rest && count == 1 && g_utf8_strlen(keys[0], -1) < (is_syllable(keys[0]) ? 2 : 3))
                *out_rule = "goes on behind fewer than three letters (of Korean two): it would find too much";
        if (*out_rule)
                return true;
        struct plc_flag_entry *entry = g_new0(struct plc_flag_entry, 1);
        *entry = (struct plc_flag_entry){
                kind, g_strdup(language), g_steal_pointer(&plain), g_steal_pointer(&keys), rest, except};
        g_ptr_array_add(lists->entries, entry);
        if (rest && count == 1) {
                g_autofree char *head = g_strndup(entry->words[0], 3);
                put(lists->by_head, head, entry);
        } else {
                put(lists->by_word, entry->words[0], entry);
        }
        return true;
}

static bool read_list(plc_flag_lists *lists, plc_json *root, plc_flag_kind kind, const char *language, char **except,
                      GError **error)
{
        plc_json *list = NULL;
        if (!plc_json_get_array(root, kinds[kind], PLC_OPTIONAL, WORDS, &list, error))
                return false;
        for (size_t i = 0; list && i < plc_json_size(list); i++) {
                plc_json *node = plc_json_element(list, i);
                const char *rule = NULL;
                if (plc_json_typeof(node) != PLC_JSON_STRING || strlen(plc_json_string(node)) > WORD_BYTES)
                        return plc_json_fail(node, error, PLC_E_BAD_CONFIG,
                                             "Write a word or a phrase of at most 120 bytes.", "is not a word");
                if (!add_entry(lists, plc_json_string(node), kind, language, except, &rule, error))
                        return false;
                if (rule)
                        return plc_json_fail(node, error, PLC_E_BAD_CONFIG, "Correct the word, or take it out.",
                                             "\"%s\" %s", plc_json_string(node), rule);
        }
        return true;
}

/* Words that an entry with an asterisk does not mean; as keys. */
static bool read_except(plc_flag_lists *lists, plc_json *root, char ***out, GError **error)
{
        g_auto(GStrv) words = NULL;
        if (!plc_json_get_strings(root, "except", PLC_OPTIONAL, WORDS, WORD_BYTES, &words, error))
                return false;
        GPtrArray *keys = g_ptr_array_new();
        for (size_t i = 0; words && words[i]; i++) {
                char **one = NULL;
                if (!keys_of(words[i], &one, error)) {
                        g_ptr_array_add(keys, NULL);
                        g_strfreev((char **)g_ptr_array_free(keys, FALSE));
                        return false;
                }
                for (size_t k = 0; one[k]; k++)
                        g_ptr_array_add(keys, one[k]);
                g_free(one);
        }
        g_ptr_array_add(keys, NULL);
        *out = (char **)g_ptr_array_free(keys, FALSE);
        g_ptr_array_add(lists->excepts, *out);
        return true;
}

static bool read_file(plc_flag_lists *lists, const char *data, size_t size, const char *file, GError **error)
{
        static const struct plc_json_limits limits = {.max_bytes = FILE_BYTES, .max_depth = 4};
        static const char *const schemas[] = {"placet.words/1", NULL};
        g_autoptr(plc_json) root = plc_json_parse(data, size, file, &limits, error);
        const char *language = NULL, *note = NULL;
        char **except = NULL;
        int schema;
        if (!root || !plc_json_get_enum(root, "schema", PLC_REQUIRED, schemas, &schema, error) ||
            !plc_json_get_string(root, "language", PLC_REQUIRED, 16, &language, error) ||
            !plc_json_get_string(root, "note", PLC_OPTIONAL, 2000, &note, error))
                return false;
        g_autofree char *tag = plc_text_canonical_tag(language);
        if (strcmp(language, "any") != 0 && (!tag || strcmp(tag, language) != 0))
                return plc_json_fail(plc_json_member(root, "language"), error, PLC_E_BAD_CONFIG,
                                     "Write a language tag in its usual form (de, pt-BR, zh-Hant), or any.",
                                     "\"%s\" is not a language tag", language);
        if (!read_except(lists, root, &except, error))
                return false;
        for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
                if (!read_list(lists, root, (plc_flag_kind)kind, language, except, error))
                        return false;
        }
        if (strcmp(language, "any") != 0)
                g_hash_table_add(lists->languages, g_strdup(language));
        return plc_json_only(root, error);
}

static bool read_dir(plc_flag_lists *lists, const char *dir, bool optional, GError **error)
{
        int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        g_auto(GStrv) names = NULL;
        if (fd < 0)
                return optional || plc_fail(error, PLC_E_BAD_CONFIG, "cannot open the folder of word lists, %s", dir);
        bool ok = plc_list_dir(fd, ".", FILES, &names, error);
        for (size_t i = 0; ok && names[i]; i++) {
                g_autoptr(GBytes) bytes = NULL;
                gsize size;
                if (!g_str_has_suffix(names[i], ".json"))
                        continue;
                ok = plc_read_file_at(fd, names[i], FILE_BYTES, &bytes, error);
                const char *data = ok ? g_bytes_get_data(bytes, &size) : NULL;
                ok = ok && read_file(lists, data, size, names[i], error);
        }
        close(fd);
        return ok;
}

bool plc_flag_lists_load(const char *dir, const char *site_dir, const char *const *competitors, plc_flag_lists **out,
                         GError **error)
{
        g_autoptr(plc_flag_lists) lists = new_lists();
        g_autofree char *presets = dir ? NULL : plc_data_dir("presets");
        g_autofree char *own = dir ? g_strdup(dir) : g_build_filename(presets, "words", NULL);
        if (!read_dir(lists, own, false, error) || (site_dir && !read_dir(lists, site_dir, true, error)))
                return false;
        for (size_t i = 0; competitors && competitors[i]; i++) {
                const char *rule = NULL;
                if (!add_entry(lists, competitors[i], PLC_FLAG_COMPETITOR, "any", NULL, &rule, error))
                        return false;
                if (rule)
                        return plc_fail(error, PLC_E_BAD_CONFIG, "competitors: \"%s\" %s", competitors[i], rule);
        }
        *out = g_steal_pointer(&lists);
        return true;
}

bool plc_flag_lists_check(const char *path, size_t *out_entries, GError **error)
{
        g_autoptr(plc_flag_lists) lists = new_lists();
        g_autofree char *dir = g_path_get_dirname(path), *name = g_path_get_basename(path);
        g_autoptr(GBytes) bytes = NULL;
        gsize size;
        int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return plc_fail(error, PLC_E_IO, "cannot open the folder %s", dir);
        bool ok = plc_read_file_at(fd, name, FILE_BYTES, &bytes, error);
        close(fd);
        const char *data = ok ? g_bytes_get_data(bytes, &size) : NULL;
        if (!ok || !read_file(lists, data, size, name, error))
                return false;
        if (out_entries)
                *out_entries = plc_flag_lists_entries(lists);
        return true;
}
