/* words.h - a list of different texts, found by their content: classes, the values of a column */
#ifndef RNL_DATA_WORDS_H
#define RNL_DATA_WORDS_H

#include "data/csv.h"

/* All zero is the empty list. */
typedef struct rnl_words {
    size_t count;
    const char **word; /* [capacity]; each ends in '\0' */
    size_t capacity;
    uint32_t *slot; /* [slots]: which word + 1; 0: free. A power of two, at least 2 * capacity */
    size_t slots;
    char **block; /* the texts lie in blocks that double in size */
    size_t blocks, block_used, block_size;
} rnl_words;

void rnl_words_free(rnl_words *words);
/* SIZE_MAX where it is not in the list. */
size_t rnl_words_find(const rnl_words *words, const char *text, size_t length);
/* Where the text stands now, as a new word or an old one. */
rnl_status rnl_words_add(rnl_words *words, const char *text, size_t length, size_t *at);
/* Puts the words in the order of their bytes, or of their values where all are numbers; moved[i]: where
 * the i-th word went. From rnl_alloc, [count]; the caller's to free. */
rnl_status rnl_words_sort(rnl_words *words, uint32_t **moved);

/* Is the text fit to be a name: UTF-8 and no control character in it? Names of classes are kept one a line, and all names
 * are shown by terminals. */
bool rnl_is_name(const char *text, size_t length);
/* Why a text from a table is not: the end of a sentence, "has a tab in it, ..."; NULL: it is. */
const char *rnl_name_fault(const char *text, size_t length);

/* "a, b, c, ..." for messages. Returns text. */
enum { RNL_WORDS_SHOWN = 240 };
const char *rnl_words_show(const rnl_words *words, char text[RNL_WORDS_SHOWN]);

#endif
