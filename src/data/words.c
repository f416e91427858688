/* words.c - a list of different texts, found by their content */
#include "data/words.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rnl_words_free(rnl_words *w)
{
    for (size_t i = 0; i < w->blocks; i++)
        rnl_free(w->block[i]);
    rnl_free(w->block);
    rnl_free(w->word);
    rnl_free(w->slot);
    *w = (rnl_words){0};
}

/* FNV-1a */
static size_t hash(const char *text, size_t length)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 0x100000001b3u;
    return (size_t)(h ^ h >> 32);
}

/* The slot that the text has, or would have. */
static uint32_t *find_slot(const rnl_words *w, const char *text, size_t length)
{
    size_t at = hash(text, length) & (w->slots - 1);
    for (; w->slot[at]; at = (at + 1) & (w->slots - 1)) {
        const char *word = w->word[w->slot[at] - 1];
        if (strncmp(word, text, length) == 0 && word[length] == '\0')
            break;
    }
    return &w->slot[at];
}

size_t rnl_words_find(const rnl_words *w, const char *text, size_t length)
{
    if (w->count == 0 || memchr(text, '\0', length))
        return SIZE_MAX;
    const uint32_t found = *find_slot(w, text, length);
    return found ? found - 1 : SIZE_MAX;
}

static rnl_status grow(rnl_words *w)
{
    const size_t capacity = w->capacity ? 2 * w->capacity : 16;
    RNL_FAIL_IF(capacity > UINT32_MAX / 2, RNL_ERR_MEMORY, "more than 2^31 different texts");
    const char **word = rnl_alloc(capacity, sizeof *word);
    uint32_t *slot = rnl_alloc(2 * capacity, sizeof *slot);
    if (!word || !slot) {
        rnl_free(word);
        rnl_free(slot);
        return RNL_ERR_MEMORY;
    }
    if (w->count)
        memcpy(word, w->word, w->count * sizeof *word);
    rnl_free(w->word);
    rnl_free(w->slot);
    w->word = word;
    w->slot = slot;
    w->capacity = capacity;
    w->slots = 2 * capacity;
    for (size_t i = 0; i < w->count; i++)
        *find_slot(w, word[i], strlen(word[i])) = (uint32_t)i + 1;
    return RNL_OK;
}

/* Room for size bytes that never move. */
static char *take(rnl_words *w, size_t size)
{
    if (w->blocks == 0 || w->block_size - w->block_used < size) {
        char **block = rnl_alloc(w->blocks + 1, sizeof *block);
        size_t room = w->block_size ? 2 * w->block_size : 256;
        room = room < size ? size : room;
        char *bytes = block ? rnl_alloc(room, 1) : NULL;
        if (!bytes) {
            rnl_free(block);
            return NULL;
        }
        if (w->blocks)
            memcpy(block, w->block, w->blocks * sizeof *block);
        rnl_free(w->block);
        w->block = block;
        w->block[w->blocks++] = bytes;
        w->block_used = 0;
        w->block_size = room;
    }
    w->block_used += size;
    return w->block[w->blocks - 1] + w->block_used - size;
}

rnl_status rnl_words_add(rnl_words *w, const char *text, size_t length, size_t *at)
{
    *at = rnl_words_find(w, text, length);
    if (*at != SIZE_MAX)
        return RNL_OK;
    if (w->count == w->capacity)
        RNL_TRY(grow(w));
    char *copy = take(w, length + 1);
    if (!copy)
        return RNL_ERR_MEMORY;
    memcpy(copy, text, length);
    copy[length] = '\0';
    w->word[w->count] = copy;
    *at = w->count++;
    *find_slot(w, copy, strlen(copy)) = (uint32_t)*at + 1;
    return RNL_OK;
}

/* ---- order -------------------------------------------------------------------------------------------- */

typedef struct entry {
    const char *word;
    double value;
    uint32_t was;
} entry;

static int by_bytes(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->word, ((const entry *)b)->word);
}

static int by_value(const void *a, const void *b)
{
    const double x = ((const entry *)a)->value, y = ((const entry *)b)->value;
    return x < y ? -1 : x > y ? 1 : by_bytes(a, b);
}

rnl_status rnl_words_sort(rnl_words *w, uint32_t **moved)
{
    entry *e = rnl_alloc(w->count + 1, sizeof *e);
    *moved = rnl_alloc(w->count + 1, sizeof **moved);
    if (!e || !*moved) {
        rnl_free(e);
        rnl_free(*moved);
        *moved = NULL;
        return RNL_ERR_MEMORY;
    }
    bool numbers = true;
    for (size_t i = 0; i < w->count; i++) {
        e[i] = (entry){.word = w->word[i], .was = (uint32_t)i};
        numbers = numbers && rnl_parse_number(e[i].word, strlen(e[i].word), &e[i].value);
    }
    qsort(e, w->count, sizeof *e, numbers ? by_value : by_bytes);
    if (w->slots)
        memset(w->slot, 0, w->slots * sizeof *w->slot);
    for (size_t i = 0; i < w->count; i++)
        w->word[i] = e[i].word;
    for (size_t i = 0; i < w->count; i++) {
        (*moved)[e[i].was] = (uint32_t)i;
        *find_slot(w, e[i].word, strlen(e[i].word)) = (uint32_t)i + 1;
    }
    rnl_free(e);
    return RNL_OK;
}

/* ---- names -------------------------------------------------------------------------------------------- */

const char *rnl_name_fault(const char *text, size_t length)
{
    const unsigned char *c = (const unsigned char *)text;
    for (size_t at = 0, n; at < length; at += n) {
        n = rnl_character(text + at, length - at);
        if (n == 0)
            return "is no UTF-8 (iconv -f CP949 -t UTF-8 makes it so where it is Korean, "
                   "iconv -f LATIN1 -t UTF-8 where it is Western European)";
        if (c[at] == '\n' || c[at] == '\r')
            return "has a line break in it, expected a single line";
        if (c[at] < 0x20 || c[at] == 0x7f || (n == 2 && c[at] == 0xc2 && c[at + 1] < 0xa0))
            return c[at] == '\t' ? "has a tab in it, expected no control characters"
                                 : "has a control character in it, expected none";
    }
    return NULL;
}

bool rnl_is_name(const char *text, size_t length)
{
    return !rnl_name_fault(text, length);
}

const char *rnl_words_show(const rnl_words *w, char text[RNL_WORDS_SHOWN])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < w->count; i++) {
        const size_t length = strlen(w->word[i]);
        if (used + length + 8 > RNL_WORDS_SHOWN) {
            strcpy(text + used, used ? ", ..." : "...");
            break;
        }
        used += (size_t)snprintf(text + used, RNL_WORDS_SHOWN - used, "%s%s", used ? ", " : "",
                                 w->word[i]);
    }
    return text;
}
