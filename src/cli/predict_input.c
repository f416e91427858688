/* predict_input.c - looks at the first bytes of a file: is it a PNG or IDX? */
#include "predict_input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STDIN_MOST = 1 << 28 }; /* bytes: 256 MB */

static bool recognise(cli_input *in, const unsigned char *head, size_t n)
{
    static const unsigned char png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    bool picture = (n >= 4 && memcmp(head, png, n < 8 ? n : 8) == 0) ||
                   (n >= 3 && memcmp(head, "\xff\xd8\xff", 3) == 0);
    bool gzip = n >= 2 && head[0] == 0x1f && head[1] == 0x8b;
    bool idx = n >= 2 && head[0] == 0 && head[1] == 0;
    in->kind = picture ? CLI_INPUT_PNG : CLI_INPUT_IDX;
    if (n == 0)
        cli_error("%s: it is empty; expected a PNG or JPEG picture, or an IDX file", in->name);
    else if (!picture && !gzip && !idx)
        cli_error("%s: neither a PNG or JPEG picture nor an IDX file", in->name);
    return picture || gzip || idx;
}

static bool fail(const cli_input *in)
{
    cli_error("%s: %s", in->name, strerror(errno));
    return false;
}

static bool open_stdin(cli_input *in)
{
    size_t room = 0, n;
    in->name = "standard input";
    do {
        if (in->size == room) {
            room = room ? 2 * room : 1 << 16;
            void *larger = realloc(in->bytes, room);
            if (!larger)
                return fail(in);
            in->bytes = larger;
        }
        n = fread((char *)in->bytes + in->size, 1, room - in->size, stdin);
        in->size += n;
    } while (n > 0 && in->size <= STDIN_MOST);
    if (ferror(stdin))
        return fail(in);
    if (in->size > STDIN_MOST) {
        cli_error("standard input: more than %d MB", STDIN_MOST >> 20);
        return false;
    }
    return recognise(in, in->bytes, in->size);
}

bool cli_input_open(cli_input *in, const char *path)
{
    unsigned char head[8];
    *in = (cli_input){.name = path};
    if (strcmp(path, "-") == 0)
        return open_stdin(in);
    FILE *f = fopen(path, "rb");
    if (!f)
        return fail(in);
    size_t n = fread(head, 1, sizeof head, f);
    bool broken = ferror(f); /* a folder, for one */
    int error = errno;
    fclose(f);
    errno = error;
    return broken ? fail(in) : recognise(in, head, n);
}

void cli_input_close(cli_input *in)
{
    free(in->bytes);
    *in = (cli_input){0};
}
