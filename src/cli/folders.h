/* folders.h - where downloaded data lives, making folders, and what lies in them */
#ifndef RNL_CLI_FOLDERS_H
#define RNL_CLI_FOLDERS_H

#include "cli.h"

/* $XDG_CACHE_HOME/runnel/NAME, else $HOME/.cache/runnel/NAME, to be freed; NULL where neither is
 * known. It need not exist. */
char *cli_cache_folder(const char *name);

/* Makes the folder and those above it; false, with errno, when that fails. */
bool cli_make_folder(const char *path);

/* The path as people write it: ~ for the home folder. To be freed. */
char *cli_tilde(const char *path);

/* What lies in a folder, but for names that begin with a dot. */
typedef struct cli_files {
    char **path; /* [count]: the regular files, in the order of their names' bytes */
    size_t count;
    bool folders; /* there are folders in it, too */
} cli_files;

/* False, with errno, where the folder cannot be read. To be freed in any case. */
bool cli_list_files(cli_files *files, const char *folder);
void cli_free_files(cli_files *files);

bool cli_is_folder(const char *path);

/* Of pictures in train and test: says which other folders beside these are not read. */
void cli_say_not_read(const char *data, const char *hint);

/* Could a file of this name be written, or replaced, there? Says what is wrong, with the name of the
 * option that asked for it, if not. Leaves nothing behind. */
bool cli_can_write(const char *option, const char *path);

#endif
