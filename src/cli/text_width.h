/* text_width.h - how wide a text is on a terminal, for the columns of tables */
#ifndef RNL_CLI_TEXT_WIDTH_H
#define RNL_CLI_TEXT_WIDTH_H

#include <stddef.h>

/* Of UTF-8: two for a character of Chinese, Japanese or Korean, none for a mark that stands on the one before. */
size_t cli_text_width(const char *text);

/* Ends the text behind the last character that fits. */
void cli_cut_text(char *text, size_t width);

/* Prints the text (as cli_print_safely) and blanks up to the width. */
void cli_print_padded(const char *text, size_t width);

#endif
